// The last lines that the backend's process wrote, for the person who reads why it stopped. Secrets are cut out of
// them by the log itself.
const KEPT_LINES = 400;
const LINE_LIMIT = 2_000;

export interface LogTail {
  take(chunk: string): void;
  /** The last so many lines, the newest last. */
  lines(count: number): string[];
}

export function createLogTail(): LogTail {
  const lines: string[] = [];
  let open = '';
  return {
    take(chunk) {
      const parts = (open + chunk).split('\n');
      // A line without an end must not grow for ever.
      open = (parts.pop() ?? '').slice(-LINE_LIMIT);
      for (const part of parts) if (part !== '') lines.push(part.slice(0, LINE_LIMIT));
      if (lines.length > KEPT_LINES) lines.splice(0, lines.length - KEPT_LINES);
    },
    lines: (count) => [...lines, ...(open === '' ? [] : [open])].slice(-count),
  };
}

/** A line of the log as a person reads it: time, level and words; one that is not of the log as it is. */
export function readable(line: string): string {
  try {
    const entry = JSON.parse(line) as { time?: unknown; level?: unknown; msg?: unknown; err?: { message?: unknown } };
    if (typeof entry.msg !== 'string') return line;
    const time = typeof entry.time === 'string' ? entry.time.slice(11, 19) : '';
    const level = levels[String(entry.level)] ?? '';
    const cause = typeof entry.err?.message === 'string' ? `: ${entry.err.message}` : '';
    return [time, level, `${entry.msg}${cause}`].filter((part) => part !== '').join(' ');
  } catch {
    return line;
  }
}

// pino's levels.
const levels: Record<string, string> = { 20: 'debug', 30: 'info', 40: 'warning', 50: 'error', 60: 'fatal' };
