// Who did something: named in tasks, audit entries and events.
import { z } from 'zod';
import { id } from './schema.ts';

export const actor = z.object({
  kind: z.enum(['user', 'key', 'agent', 'system']),
  id: id.nullable(),
  name: z.string(),
});
export type Actor = z.infer<typeof actor>;
