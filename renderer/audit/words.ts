// What an audit entry says in plain words: what was done, to what, from where, and the names of fields.
import type { AuditShown } from '../../shared/audit.ts';
import type { Target } from '../app/routes.ts';

const actionWords: Record<string, string> = {
  'auth.register': 'Created the workspace',
  'auth.login': 'Signed in',
  'auth.logout': 'Signed out',
  'auth.switch': 'Came from another workspace',
  'auth.sessionRevoked': 'A session was ended: its token had been used twice',
  'workspace.rename': 'Renamed the workspace',
  'workspace.setLimits': 'Changed the limits of the workspace',
  'workspace.setRetention': 'Changed how long finished work is kept',
  'workspace.setPaused': 'Paused or resumed all work',
  'workspace.setPlan': 'Changed the workspace’s plan',
  'agents.create': 'Created an agent',
  'agents.update': 'Changed an agent',
  'agents.retire': 'Retired an agent',
  'keys.create': 'Made an API key',
  'keys.revoke': 'Revoked an API key',
  'providers.create': 'Added a provider account',
  'providers.update': 'Changed a provider account',
  'providers.remove': 'Removed a provider account',
  'providers.test': 'Tested a provider account',
  'providers.cooling': 'The provider account’s rate is used up',
  'providers.breaker_opened': 'The provider account failed too often in a row',
  'providers.refused': 'The provider account refused us',
  'providers.failing': 'The provider account answered with an error',
  'providers.healed': 'The provider account works again',
  'prices.set': 'Set the price of a model',
  'prices.removed': 'Removed the price of a model',
  'queues.update': 'Changed a queue',
  'reviews.create': 'Began a review',
  'reviews.look': 'Looked at an item of a review',
  'reviews.decide': 'Gave an item of a review its verdict',
  'reviews.assign': 'Gave an item of a review to somebody',
  'tasks.created': 'Created a task',
  'tasks.queued': 'Nothing holds the task back any more',
  'tasks.waiting': 'The task waits again',
  'tasks.claimed': 'Began a task',
  'tasks.succeeded': 'Completed a task',
  'tasks.attempt_failed': 'An attempt failed; it is tried again',
  'tasks.failed': 'The task failed: no attempts left',
  'tasks.lease_expired': 'The agent was not heard in time',
  'tasks.handed_off': 'Handed the task on',
  'tasks.cancelled': 'Cancelled a task',
  'tasks.retried': 'Had a task tried again',
  'tasks.hastened': 'Had a task taken before its time',
  'tasks.released': 'Put the task back, without spending an attempt',
  'tasks.approved': 'Approved a task',
  'tasks.revoked': 'Told an attempt to stop: a budget is used up',
  'tasks.stopped_by_budget': 'Stopped an attempt, without spending it: a budget is used up',
  'budgets.created': 'Set a budget',
  'budgets.updated': 'Changed a budget',
  'budgets.removed': 'Removed a budget',
  'budgets.restored': 'Brought a budget back',
  'budgets.warned': 'A budget is nearly used up',
  'budgets.exhausted': 'A budget is used up',
  'plans.create': 'Created a plan',
  'plans.started': 'Started a plan',
  'plans.resumed': 'Resumed a plan',
  'plans.paused': 'Paused a plan',
  'plans.cancelled': 'Cancelled a plan',
  'plans.succeeded': 'The plan succeeded',
  'plans.failed': 'The plan failed',
  'findings.reported': 'Reported a finding',
  'findings.acknowledged': 'Marked a finding as seen',
};

/** `tasks.timeLimit_raised` as words, for what this console does not know yet. */
function unfold(name: string): string {
  const words = name.replaceAll(/[._]/g, ' ').replaceAll(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "Paused all work": what was done, with what only its values tell. */
export function wordsOf({ action, after }: Pick<AuditShown, 'action' | 'after'>): string {
  if (action === 'workspace.setPaused' && typeof after?.['paused'] === 'boolean') return after['paused'] ? 'Paused all work' : 'Resumed all work';
  return actionWords[action] ?? unfold(action);
}

/** The words of an action where no entry is at hand, as in a filter. */
export function actionLabel(action: string): string {
  return actionWords[action] ?? unfold(action);
}

const entityWords: Record<string, string> = {
  task: 'Task',
  agent: 'Agent',
  plan: 'Plan',
  finding: 'Finding',
  workspace: 'Workspace',
  key: 'API key',
  session: 'Session',
  provider: 'Provider account',
  price: 'Price',
  budget: 'Budget',
  review: 'Security review',
  review_item: 'Item of a review',
};
export function entityLabel(entity: string): string {
  return entityWords[entity] ?? unfold(entity);
}

/** Where the thing itself is; null: it has no place of its own. */
export function placeOf({ entity, entityId }: Pick<AuditShown, 'entity' | 'entityId'>): Target | null {
  switch (entity) {
    case 'task':
      return { place: 'tasks', id: entityId };
    case 'budget':
      return { place: 'budgets', id: entityId };
    case 'agent':
      return { place: 'agents', id: entityId };
    case 'provider':
      return { place: 'providers', id: entityId };
    case 'price':
      return { place: 'providers', search: { view: 'prices' } };
    case 'plan':
      return { place: 'plans', id: entityId };
    case 'finding':
      return { place: 'findings', id: entityId };
    case 'review':
      return { place: 'reviews', id: entityId };
    default:
      return null;
  }
}

/** "this computer" for the loopback, the engine for what nobody sent. */
export function originWords(origin: string): string {
  if (origin === 'system') return 'the engine';
  return /^(127\.|::1$|::ffff:127\.)/.test(origin) ? 'this computer' : origin;
}

const kindWords = { user: 'person', key: 'API key', agent: 'agent', system: 'Signalbox itself' } as const;
export function actorKind(kind: AuditShown['actor']['kind']): string {
  return kindWords[kind];
}

const fieldWords: Record<string, string> = {
  id: 'Id',
  name: 'Name',
  state: 'State',
  status: 'Status',
  attempt: 'Attempt',
  agentName: 'Agent',
  agentId: 'Agent’s id',
  planId: 'Plan’s id',
  taskId: 'Task’s id',
  minActive: 'Floor of active agents',
  tasks: 'Tasks',
  version: 'Version',
  concurrency: 'Tasks at once',
  timeLimitSeconds: 'Time limit, s',
  capabilities: 'Capabilities',
  paused: 'Paused',
  pausedAt: 'Paused at',
  pausedBy: 'Paused by',
  plan: 'Plan',
  error: 'Error',
  scopes: 'Scopes',
  prefix: 'Begins with',
  expiresAt: 'Expires',
  revokedAt: 'Revoked',
  builtIn: 'Built in',
  createdAt: 'Created',
  severity: 'Severity',
  title: 'Title',
  reason: 'Reason',
  successor: 'Goes on as',
  handoffFrom: 'Continues',
};
export function fieldLabel(field: string): string {
  return fieldWords[field] ?? unfold(field);
}
