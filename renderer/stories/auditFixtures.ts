// An evening's audit, as the real one writes it: agents at work, people who change things, and a session.
import type { AuditShown } from '../../shared/audit.ts';
import { AppError } from '../../shared/errors.ts';
import { agents, findings, plan, secondsAgo, tasks, uuid } from './fixtures.ts';

type Made = Pick<AuditShown, 'action' | 'entity' | 'entityId' | 'name' | 'actor'> & Partial<AuditShown>;

const mara = { kind: 'user', id: uuid('e', 1), name: 'Mara Keller' } as const;
const system = { kind: 'system', id: null, name: 'Signalbox' } as const;
const [agent, other] = agents as [(typeof agents)[number], (typeof agents)[number]];
const byAgent = { kind: 'agent', id: agent.id, name: agent.name } as const;

function taskEntry(index: number): Made {
  const task = tasks[index % tasks.length]!;
  const about = { entity: 'task', entityId: task.id, name: task.title } as const;
  const after = { state: 'running', attempt: 1 + (index % 3), agentName: agent.name };
  switch (index % 6) {
    case 0:
      return { ...about, actor: mara, action: 'tasks.created', before: null, after: { state: 'queued', attempt: 0, agentName: other.name } };
    case 1:
      return { ...about, actor: system, action: 'tasks.claimed', before: { state: 'queued' }, after };
    case 2:
      return {
        ...about,
        actor: byAgent,
        action: 'tasks.attempt_failed',
        before: { state: 'running' },
        after: { ...after, state: 'queued', error: { code: 'agent_error', message: 'The provider answered 429: too many requests. It asked to wait for 12 seconds.' } },
      };
    case 3:
      return { ...about, actor: byAgent, action: 'tasks.succeeded', before: { state: 'running' }, after: { ...after, state: 'succeeded' } };
    case 4:
      return { ...about, actor: system, action: 'tasks.handed_off', before: { state: 'running' }, after: { ...after, state: 'handed_off', reason: 'time_limit' } };
    default:
      return { ...about, actor: mara, action: 'tasks.retried', before: { state: 'failed' }, after: { ...after, state: 'queued' } };
  }
}

const special: Made[] = [
  {
    action: 'agents.update',
    entity: 'agent',
    entityId: agent.id,
    name: agent.name,
    actor: mara,
    before: { name: agent.name, concurrency: 1, status: 'active', timeLimitSeconds: 900, capabilities: ['typescript'], version: 3, provider: { model: 'small' } },
    after: { name: agent.name, concurrency: 4, status: 'paused', timeLimitSeconds: 900, capabilities: ['typescript', 'sql'], version: 4, provider: { model: 'large' } },
  },
  { action: 'keys.create', entity: 'key', entityId: uuid('9', 1), name: 'Night runner', actor: mara, before: null, after: { name: 'Night runner', scopes: ['agent', 'tasks:read'], prefix: 'sb_0193…', expiresAt: null } },
  { action: 'plans.started', entity: 'plan', entityId: plan.id, name: plan.name, actor: mara, before: { state: 'draft' }, after: { state: 'running' } },
  { action: 'findings.acknowledged', entity: 'finding', entityId: findings[0]!.id, name: findings[0]!.title, actor: mara, before: null, after: { title: findings[0]!.title, severity: 'urgent' } },
  { action: 'workspace.setPaused', entity: 'workspace', entityId: uuid('1', 1), name: 'Brightwater', actor: mara, before: { paused: true, pausedBy: 'Mara Keller' }, after: { paused: false, pausedBy: null } },
  { action: 'auth.login', entity: 'session', entityId: uuid('7', 1), name: null, actor: mara, origin: '203.0.113.7', before: null, after: null },
  { action: 'exports.scheduledNightly', entity: 'data_export', entityId: uuid('6', 1), name: null, actor: { kind: 'key', id: null, name: 'Backup of a very long name that somebody chose without thinking of lists' }, origin: '2001:db8:85a3::8a2e:370:7334', before: null, after: { rows: 12_000 } },
];

/** Newest first, numbered down to 1. */
export function makeAudit(count: number): AuditShown[] {
  return Array.from({ length: count }, (_, index): AuditShown => {
    const made = index % 9 === 1 ? special[Math.floor(index / 9) % special.length]! : taskEntry(index);
    return {
      seq: count - index,
      at: secondsAgo(20 + index * 47),
      origin: made.actor.kind === 'system' ? 'system' : '127.0.0.1',
      before: null,
      after: null,
      hash: (count - index).toString(16).padStart(64, 'a3'),
      ...made,
    };
  });
}

export const auditEntries = makeAudit(80);

export function auditPage(entries: readonly AuditShown[], input: Record<string, unknown>): unknown {
  const { actor, action, entity, entityId, q } = input as Record<string, string | undefined>;
  const fits = entries.filter(
    (entry) =>
      (!actor || entry.actor.name.toLowerCase().includes(actor.toLowerCase())) &&
      (!action || action.split(',').includes(entry.action)) &&
      (!entity || entity.split(',').includes(entry.entity)) &&
      (!entityId || entry.entityId === entityId) &&
      (!q || JSON.stringify(entry).toLowerCase().includes(q.toLowerCase())),
  );
  const start = Number(input['cursor'] ?? 0);
  const end = start + Number(input['limit'] ?? 50);
  return { items: fits.slice(start, end), nextCursor: end < fits.length ? String(end) : null, searchedTo: 1, head: entries[0]?.seq ?? 0 };
}

export const auditHandlers = {
  'audit.search': (input: Record<string, unknown>) => auditPage(auditEntries, input),
  'audit.get': ({ seq }: Record<string, unknown>) => {
    const found = auditEntries.find((entry) => entry.seq === Number(seq));
    if (!found) throw new AppError('not_found', 'There is no such audit entry.');
    return found;
  },
  'audit.facets': () => ({
    actions: [...new Map(auditEntries.map(({ entity, action }) => [action, { entity, action }])).values()],
    actors: [...new Set(auditEntries.map(({ actor }) => actor.name))],
  }),
  'audit.head': () => ({ seq: auditEntries[0]!.seq, hash: 'a3'.repeat(32) }),
  'audit.verify': () => ({ verifiedTo: auditEntries.length, head: auditEntries.length, done: true, broken: null }),
};
