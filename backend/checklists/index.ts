// Checklists: their handlers, and what other nouns may use of them.
import type { checklistOperations } from '../../shared/checklist.ts';
import { notFound } from '../../shared/errors.ts';
import { onPlatform, type HandlersOf } from '../platform/doors/handlers.ts';
import { summaryOf, type ChecklistLibrary } from './library.ts';

export { createChecklistLibrary, type ChecklistLibrary } from './library.ts';

/** The built-in checklists are files: no tenant's tables are read for them. */
export function createChecklistHandlers(library: ChecklistLibrary): HandlersOf<typeof checklistOperations> {
  return {
    list: onPlatform(async () => ({ items: (await library.load()).map(summaryOf), nextCursor: null })),
    get: onPlatform(async (_request, { id }) => {
      const found = await library.find(id);
      if (!found) throw notFound('checklist');
      return found;
    }),
  };
}
