// The handlers that create tasks: one in its transaction, or many in several.
import { asAppError } from '../../shared/errors.ts';
import type { BulkLine, taskOperations } from '../../shared/task.ts';
import { actorOf } from '../platform/doors/credential.ts';
import { inTenantAtOnce, onPlatform, type HandlersOf } from '../platform/doors/handlers.ts';
import type { RunInTenant } from '../platform/tenant-transaction.ts';
import type { Claimants } from './claimants.ts';
import { createTask } from './create.ts';
import { BULK_CHUNK, createChunk, parseLines, type ParsedLine } from './create-many.ts';

export function createCreationHandlers(options: {
  runInTenant: RunInTenant;
  claimants: Claimants;
}): Pick<HandlersOf<typeof taskOperations>, 'create' | 'createMany'> {
  const { claimants } = options;
  return {
    create: inTenantAtOnce((tx, input) => createTask(tx, input, { claimants })),
    createMany: onPlatform(async (request, { ndjson, key = request.idempotencyKey }) => {
      const credential = request.credential!;
      const caller = { actor: actorOf(credential), origin: request.origin };
      const { parsed, refused } = parseLines(ndjson);
      const items: BulkLine[] = [...refused];
      for (let start = 0; start < parsed.length; start += BULK_CHUNK) {
        const chunk = parsed.slice(start, start + BULK_CHUNK);
        try {
          const work = options.runInTenant(credential.tenant, caller, (tx) => createChunk(tx, chunk, key));
          items.push(...(await work));
        } catch (error) {
          // What went in before is told with its ids; these lines can be sent again.
          items.push(...failed(chunk, error));
        }
      }
      return { items: items.toSorted((one, other) => one.line - other.line) };
    }),
  };
}

function failed(chunk: ParsedLine[], error: unknown): BulkLine[] {
  const { code, message } = asAppError(error);
  return chunk.map(({ line }) => ({ line, error: { code, message } }));
}
