// Findings: what agents report while they work; shared across a plan, urgent ones need a person.
import { z } from 'zod';
import { operation } from './operation.ts';
import { byId, id, page, pageInput, time } from './schema.ts';

export const severities = ['info', 'warning', 'urgent'] as const;
export type Severity = (typeof severities)[number];

export const finding = z.object({
  id,
  version: z.number().int(),
  taskId: id,
  taskTitle: z.string(),
  planId: id.nullable(),
  agentId: id.nullable(),
  agentName: z.string().nullable(),
  simulated: z.boolean(),
  title: z.string(),
  body: z.string(),
  severity: z.enum(severities),
  /** A person has seen an urgent finding. */
  acknowledgedAt: time.nullable(),
  createdAt: time,
});
export type Finding = z.infer<typeof finding>;

export const findingOperations = {
  list: operation({
    kind: 'query',
    summary: 'Findings, newest first.',
    input: pageInput.extend({
      planId: id.optional(),
      taskId: id.optional(),
      severity: z.enum(severities).optional(),
    }),
    output: page(finding),
    permission: 'findings:read',
    scope: 'tasks:read',
    rest: { method: 'GET', path: '/api/findings', status: 200 },
  }),
  acknowledge: operation({
    kind: 'mutation',
    summary: 'Mark an urgent finding as seen.',
    input: byId,
    output: finding,
    permission: 'tasks:operate',
    scope: 'tasks:write',
    rest: { method: 'POST', path: '/api/findings/:id/acknowledge', status: 200 },
  }),
  unacknowledge: operation({
    kind: 'mutation',
    summary: 'Take back that an urgent finding was seen: it needs a person again.',
    input: byId,
    output: finding,
    permission: 'tasks:operate',
    scope: 'tasks:write',
    rest: { method: 'POST', path: '/api/findings/:id/unacknowledge', status: 200 },
  }),
};
