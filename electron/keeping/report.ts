// The report of trouble: what a person who helps needs to know of this console, and nothing that is somebody's. Shown
// line by line before it is saved.
import type { AppStatus, Preferences } from '../../shared/ipc.ts';
import type { DataInfo } from '../../shared/keeping.ts';
import { scrub, type Known } from './scrub.ts';

export interface ReportSources {
  at: Date;
  status: AppStatus;
  versions: Record<string, string>;
  system: Record<string, string>;
  preferences: Preferences;
  data: DataInfo | null;
  /** What the backend's process says of its database, or why it says nothing. */
  database: unknown;
  log: string[];
  known: Known;
}

/** Lines of the log in the report, and of it those of errors. */
export const LOG_LINES = 400;
const ERROR_LINES = 30;
const ERROR_LEVEL = 50;

function levelOf(line: string): number {
  try {
    const level = (JSON.parse(line) as { level?: unknown }).level;
    return typeof level === 'number' ? level : 0;
  } catch {
    // A line that is no JSON was written by something that broke.
    return ERROR_LEVEL;
  }
}

const fenced = (text: string, language = '') => ['```' + language, text.replaceAll('```', "'''"), '```'].join('\n');
const json = (value: unknown) => fenced(JSON.stringify(value, null, 2) ?? 'null', 'json');
const table = (rows: Record<string, string>) =>
  Object.entries(rows)
    .map(([name, value]) => `- ${name}: ${value}`)
    .join('\n');

/** Who is signed in is left out but for the role; where the backend is, but for whether it is this computer. */
function statusWords({ backend, session, keychain }: AppStatus): Record<string, string> {
  const ready = backend.state === 'ready' ? `ready at ${backend.url}` : backend.state;
  return {
    backend: backend.state === 'failed' ? `failed: ${backend.title}. ${backend.message} ${backend.action}` : ready,
    session: session.state === 'signed_in' ? `signed in as ${session.me.organization.role}` : session.state,
    keychain: keychain ? 'there' : 'none',
  };
}

/** Preferences without what names people's things: saved filters and views hold what they looked for. */
function settingsOf(preferences: Preferences): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(preferences).map(([name, value]) => {
      const simple = typeof value !== 'object' || value === null;
      return [name, simple || name === 'notifications' ? value : `(${Object.keys(value).length} entries, left out)`];
    }),
  );
}

/** The report in Markdown. Everything in it goes through the scrubber, whatever it came from. */
export function writeReport(sources: ReportSources): string {
  const { at, status, data, log } = sources;
  const errors = log.filter((line) => levelOf(line) >= ERROR_LEVEL).slice(-ERROR_LINES);
  const text = [
    '# Signalbox: report of trouble',
    `Made ${at.toISOString()}. Keys, tokens, passwords, e-mail addresses and account names are taken out; so are the rows of the database.`,
    '## Versions',
    table(sources.versions),
    '## System',
    table(sources.system),
    '## Status',
    table(statusWords(status)),
    '## Data',
    data === null
      ? 'The backend of this window is on a server.'
      : json({ kinds: data.kinds, kept: data.kept.length, freeBytes: data.freeBytes, lastBackup: data.lastBackup?.at ?? null }),
    '## Database',
    json(sources.database),
    '## Settings',
    json(settingsOf(sources.preferences)),
    '## Last errors',
    errors.length === 0 ? 'None in the log.' : fenced(errors.join('\n')),
    `## Log, the last ${log.length} lines`,
    log.length === 0 ? 'Nothing was logged.' : fenced(log.join('\n')),
  ].join('\n\n');
  return `${scrub(text, sources.known)}\n`;
}
