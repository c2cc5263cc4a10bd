// Many tasks at once: what became of the lines of a bulk creation, and failed tasks by what their errors say.
import { z } from 'zod';
import { id, time } from './schema.ts';

/** Tasks that one bulk creation takes, and the bytes of its body. */
export const MAX_BULK_LINES = 10_000;
export const BULK_TEXT_LIMIT = 50_000_000;

/** What became of a line; `line` counts from 1. */
export const bulkLine = z.union([
  z.object({ line: z.number().int(), id }),
  z.object({
    line: z.number().int(),
    error: z.object({
      code: z.string(),
      message: z.string(),
      fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    }),
  }),
]);
export type BulkLine = z.infer<typeof bulkLine>;

/** Failed tasks whose errors say the same but for ids and figures. */
export const errorGroup = z.object({
  /** What `errorGroup` of the tasks' filter takes. */
  fingerprint: z.string(),
  code: z.string(),
  title: z.string(),
  count: z.number().int(),
  /** Agents at which they failed. */
  agents: z.number().int(),
  firstAt: time,
  lastAt: time,
  /** The newest of them, at most 20. */
  taskIds: z.array(id),
});
export type ErrorGroup = z.infer<typeof errorGroup>;
