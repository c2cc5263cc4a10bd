// Queues: a name that tasks carry. A queue can be paused, and limited in what of it runs at the same time.
import { z } from 'zod';
import { operation } from './operation.ts';
import { page, pageInput, time } from './schema.ts';
import { queueName } from './task.ts';

export const maxRunning = z.number().int().min(1, 'At least 1; pause it to run none.').max(100_000);

export const queue = z.object({
  name: z.string(),
  version: z.number().int(),
  /** Nothing of it is claimed while true; what runs, runs on. */
  paused: z.boolean(),
  pausedAt: time.nullable(),
  pausedBy: z.string().nullable(),
  /** Of its tasks, so many run at the same time; null: as many as agents take. */
  maxRunning: z.number().int().nullable(),
  waiting: z.number().int(),
  queued: z.number().int(),
  running: z.number().int(),
  /** Since when the one that waits longest could have been claimed; null: none waits. */
  oldestQueuedAt: time.nullable(),
});
export type Queue = z.infer<typeof queue>;

export const queueOperations = {
  list: operation({
    kind: 'query',
    summary: 'Queues that hold open tasks, or that are paused or limited, by name.',
    input: pageInput,
    output: page(queue),
    permission: 'tasks:read',
    scope: 'tasks:read',
    rest: { method: 'GET', path: '/api/queues', status: 200 },
  }),
  update: operation({
    kind: 'mutation',
    summary: 'Pause, resume or limit a queue.',
    input: z.object({
      name: queueName,
      paused: z.boolean().optional(),
      /** Null takes the limit away. */
      maxRunning: maxRunning.nullable().optional(),
    }),
    output: queue,
    permission: 'tasks:operate',
    scope: 'tasks:write',
    rest: { method: 'PATCH', path: '/api/queues/:name', status: 200 },
  }),
};
