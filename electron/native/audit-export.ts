// Writes the entries of the audit that a filter leaves to a file: page by page, so that its size is no matter.
import type { AuditFilter, AuditShown } from '../../shared/audit.ts';
import { AppError } from '../../shared/errors.ts';
import type { RequestResults, RpcRequest, RpcResponse } from '../../shared/ipc.ts';
import { writeWhole, type DocumentDialogs } from './documents.ts';

export interface ExportParts {
  dialogs: Pick<DocumentDialogs, 'pickExport'>;
  call(request: RpcRequest): Promise<RpcResponse>;
  /** Waits; a test hands in its own. */
  rest?(milliseconds: number): Promise<void>;
}

/** Rows a page, as many as the backend gives. */
const PAGE = 200;
/** What the backend answers when it is asked too fast, and how often in a row that is taken. */
const MOST_REFUSALS = 20;

const columns = ['seq', 'at', 'actor', 'actorKind', 'actorId', 'origin', 'action', 'entity', 'entityId', 'name', 'before', 'after', 'hash'];

/** Quoted where it must be, and never a formula to whoever opens it in a spreadsheet. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csvLine({ actor, ...entry }: AuditShown): string {
  const row: Record<string, unknown> = { ...entry, actor: actor.name, actorKind: actor.kind, actorId: actor.id };
  return `${columns.map((name) => cell(row[name])).join(',')}\r\n`;
}

const formats = {
  ndjson: { head: '', line: (entry: AuditShown) => `${JSON.stringify(entry)}\n` },
  csv: { head: `${columns.join(',')}\r\n`, line: csvLine },
};

interface Page {
  items: AuditShown[];
  nextCursor: string | null;
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => void setTimeout(resolve, milliseconds));

async function readPage(parts: ExportParts, input: object): Promise<Page> {
  for (let refused = 0; ; refused += 1) {
    const answer = await parts.call({ path: 'audit.search', type: 'query', input });
    if (answer.ok) return answer.data as Page;
    const { code, detail, retryAfterSeconds } = answer.problem;
    if (code !== 'rate_limited' || refused === MOST_REFUSALS) throw new AppError(code, `${detail} Nothing was exported.`);
    await (parts.rest ?? pause)(Math.max(1, Number(retryAfterSeconds ?? 1)) * 1000);
  }
}

/** Asks where to, and writes there whole or not at all; newest first, as the screen shows them. */
export async function exportAudit(
  parts: ExportParts,
  { format, filter }: { format: keyof typeof formats; filter: AuditFilter },
): Promise<RequestResults['audit:export']> {
  const path = await parts.dialogs.pickExport(`Audit ${new Date().toISOString().slice(0, 10)}.${format}`, format);
  if (path === null) return { ok: true, saved: null };
  const { head, line } = formats[format];
  let saved = 0;
  const refused = await writeWhole(path, async (file) => {
    await file.write(head);
    let cursor: string | null = null;
    do {
      const page: Page = await readPage(parts, { ...filter, limit: PAGE, ...(cursor !== null && { cursor }) });
      await file.write(page.items.map(line).join(''));
      saved += page.items.length;
      cursor = page.nextCursor;
    } while (cursor !== null);
  });
  return refused ?? { ok: true, saved };
}
