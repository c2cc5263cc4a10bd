// A bridge without a main process: answers from the fixtures, or what a story says instead.
import { AppError, toProblem, type ErrorCode } from '../../shared/errors.ts';
import type { ConnectionSummary } from '../../shared/connection.ts';
import type { AppStatus, Bridge, NoticeChannel, RpcRequest, RpcResponse } from '../../shared/ipc.ts';
import { preferences as preferencesSchema, withPreferences, type Preferences, type PreferencesPatch } from '../../shared/preferences.ts';
import { needsAttention } from '../../shared/task.ts';
import type { Page } from '../live/rows.ts';
import { bulkPlans, bulkRowsOf, plannedBulk } from './bulkFixtures.ts';
import { auditHandlers } from './auditFixtures.ts';
import { budgetHandlers } from './budgetFixtures.ts';
import * as fixtures from './fixtures.ts';
import * as keeping from './keepingFixtures.ts';
import { errorGroups, makeChain, queues } from './groupFixtures.ts';
import { atRest, makeMetricSeries } from './metricFixtures.ts';
import { previewTimes, schedules } from './scheduleFixtures.ts';
import { unusedUsage, usageForecast, usageSeries, usageShares } from './usage.ts';
import { prices, providerHandlers } from './providerFixtures.ts';
import { reviewHandlers } from './reviewFixtures.ts';

type Input = Record<string, unknown>;
/** By the operation's name. A handler may throw an AppError, or return `pending`. */
export type Handlers = Record<string, (input: Input) => unknown>;

/** A handler that never answers: the loading state. */
export const pending = (): Promise<never> => new Promise(() => undefined);
/** A handler that fails. */
export function failing(code: ErrorCode, message: string): () => never {
  return () => {
    throw new AppError(code, message);
  };
}
/** One page of rows, by cursor and limit. */
export function paged<Row>(rows: readonly Row[], input: Input): Page<Row> {
  const start = Number(input.cursor ?? 0);
  const end = start + Number(input.limit ?? 50);
  return { items: rows.slice(start, end), nextCursor: end < rows.length ? String(end) : null };
}
/** The handlers of a workspace in which nothing has been made yet. */
export const emptyWorkspace: Handlers = {
  ...unusedUsage,
  'tasks.list': (input) => paged([], input),
  'tasks.count': () => ({}),
  'agents.list': (input) => paged([], input),
  'tasks.errorGroups': () => ({ items: [], nextCursor: null }),
  'queues.list': () => ({ items: [], nextCursor: null }),
  'schedules.list': () => ({ items: [], nextCursor: null }),
  'budgets.list': (input) => paged([], input),
  'plans.list': (input) => paged([], input),
  'findings.list': (input) => paged([], input),
  'reviews.list': (input) => paged([], input),
  'metrics.series': (input) => makeMetricSeries(Number(input.windowMinutes ?? 60), { change: atRest }),
  'overview.get': () => ({
    ...fixtures.overview,
    figures: { ...fixtures.overview.figures, activeAgents: 0, floor: 0, tasks: {}, retrying: 0, failedLastHour: 0, attemptsFailedLastHour: 0, waitP95Seconds: null, costTodayUsd: '0', executions: 0, agents: 1, plansRunning: 0, openFindings: 0, openReviewItems: 0 },
    lanes: [],
    needs: [],
    throughput: [],
  }),
};

function taskRows(input: Input): unknown {
  const states = typeof input.state === 'string' && input.state !== '' ? input.state.split(',') : null;
  const rows = fixtures.tasks.filter(
    (task) =>
      (!states || states.includes(task.state)) &&
      (!input.attention || needsAttention(task)) &&
      (!input.agentId || task.agentId === input.agentId) &&
      (!input.planId || task.planId === input.planId) &&
      (typeof input.q !== 'string' || task.title.toLowerCase().includes(input.q.toLowerCase())),
  );
  return paged(rows, input);
}

function one<Row extends { id: string }>(rows: readonly Row[], input: Input, noun: string): Row {
  const row = rows.find(({ id }) => id === input.id);
  if (!row) throw new AppError('not_found', `No such ${noun}.`);
  return row;
}

export const fixtureHandlers: Handlers = {
  'bulkPlans.list': (input) => paged(input.confirmed ? bulkPlans : [plannedBulk, ...bulkPlans], input),
  'bulkPlans.get': (input) => one(bulkPlans, input, 'bulk plan'),
  'bulkPlans.create': (input) => ({ ...plannedBulk, action: input.action, input: input.input }),
  'bulkPlans.rows': (input) => paged(bulkRowsOf(input.outcome), input),
  'tasks.errorGroups': () => ({ items: errorGroups, nextCursor: null }),
  'queues.list': () => ({ items: queues, nextCursor: null }),
  'queues.update': (input) => ({ ...queues[0], ...input }),
  'schedules.list': (input) => paged(schedules, input),
  'schedules.preview': (input) => previewTimes(input.timeZone),
  ...auditHandlers,
  ...budgetHandlers,
  'metrics.series': (input) => makeMetricSeries(Number(input.windowMinutes ?? 60)),
  'tasks.list': taskRows,
  'tasks.count': (input) => (input.attention ? { failed: 14, waiting: 3 } : fixtures.overview.figures.tasks),
  'tasks.get': (input) => fixtures.makeFullTask(one([...fixtures.tasks, ...fixtures.plan.tasks], input, 'task')),
  'tasks.details': (input) => fixtures.makeDetails(one([...fixtures.tasks, ...fixtures.plan.tasks], input, 'task')),
  'tasks.chain': (input) => makeChain(one([...fixtures.tasks, ...fixtures.plan.tasks], input, 'task')),
  'tasks.why': (input) => fixtures.makeWhy(String(input.id)),
  'agents.list': (input) => paged(fixtures.agents, input),
  'agents.get': (input) => one(fixtures.agents, input, 'agent'),
  'plans.list': (input) => paged(fixtures.planSummaries, input),
  'plans.get': (input) => ({ ...fixtures.plan, ...one(fixtures.planSummaries, input, 'plan') }),
  'plans.report': () => '# Release 4.2\n\n4 of 11 tasks have succeeded.',
  'findings.list': (input) =>
    paged(
      fixtures.findings.filter((finding) => !input.severity || finding.severity === input.severity),
      input,
    ),
  'overview.get': () => fixtures.overview,
  'usage.month': () => fixtures.usage,
  'usage.series': (input) => usageSeries(input),
  'usage.breakdown': (input) => usageShares(input),
  'usage.forecast': () => usageForecast,
  'workspace.get': () => fixtures.workspace,
  'workspace.storage': () => ({ items: keeping.stored }),
  'workspace.previewRetention': ({ keepEventsDays }) => keeping.previewOf(keepEventsDays as number | null),
  'providers.list': (input) => paged(fixtures.providers, input),
  ...providerHandlers,
  'prices.list': (input) => paged(prices, input),
  'keys.list': (input) => paged([], input),
  'auth.me': () => fixtures.me,
  ...reviewHandlers,
};

export interface FakeBridgeOptions {
  handlers?: Handlers;
  status?: Partial<AppStatus>;
  preferences?: Partial<Preferences>;
  /** Answers of main about this computer's data, by channel. */
  keeping?: Handlers;
  connections?: ConnectionSummary[];
  /** Answers of connections:add. */
  connect?: (argument: unknown) => unknown;
  /** Answers of session:register and session:login. */
  session?: () => Promise<RpcResponse> | RpcResponse;
}
export interface FakeBridge extends Bridge {
  /** Every request made: `['rpc', {path: 'tasks.retry', ...}]`. */
  requests: [channel: string, argument: unknown][];
  /** Sends a notice as main would. */
  notify(channel: NoticeChannel, notice: unknown): void;
}

export function createFakeBridge(options: FakeBridgeOptions = {}): FakeBridge {
  const requests: FakeBridge['requests'] = [];
  const listeners = new Map<NoticeChannel, Set<(notice: never) => void>>();
  let preferences = preferencesSchema.parse({ theme: 'dark', ...options.preferences });
  const status: AppStatus = {
    connection: { id: 'computer', kind: 'embedded', name: 'This computer', accent: 'indigo' },
    backend: { state: 'ready', url: 'http://127.0.0.1:4180' },
    session: { state: 'signed_in', me: fixtures.me, remembered: true },
    keychain: true,
    tray: true,
    awake: false,
    version: '0.1.0',
    platform: 'linux',
    ...options.status,
  };
  const answer = async (channel: string, argument: unknown): Promise<unknown> => {
    switch (channel) {
      case 'rpc':
        return answerRpc(argument as RpcRequest, { ...fixtureHandlers, ...options.handlers });
      case 'app:status':
        return status;
      case 'preferences:get':
        return preferences;
      case 'preferences:set':
        preferences = withPreferences(preferences, argument as PreferencesPatch);
        return preferences;
      case 'session:register':
      case 'session:login':
        return options.session ? options.session() : { ok: true, data: fixtures.me };
      case 'drafts:take':
        return [];
      case 'drafts:keep':
        return null;
      case 'app:act':
        return { zoom: 1 };
      case 'connections:list':
        return options.connections ?? fixtures.connections;
      case 'connections:add':
        return options.connect?.(argument) ?? { ok: true, id: 's-new' };
      case 'notifications:test':
        return { shown: true };
      case 'session:logout':
        return { ok: true, data: null };
      case 'plan:pick':
        return { ok: true, data: null };
      case 'audit:export':
        return { ok: true, saved: 80 };
      case 'plan:save-report':
      case 'table:save':
      case 'diagnostics:save':
        return { ok: true, saved: true };
      case 'app:about':
        return keeping.about;
      default:
        return answerKeeping(channel, { ...keeping.answers, ...options.keeping }, argument);
    }
  };
  return {
    requests,
    request: ((channel: string, argument: unknown) => {
      requests.push([channel, argument]);
      return answer(channel, argument);
    }) as Bridge['request'],
    on(channel, listener) {
      const known = listeners.get(channel) ?? new Set();
      listeners.set(channel, known.add(listener));
      return () => void known.delete(listener);
    },
    notify(channel, notice) {
      for (const listener of listeners.get(channel) ?? []) listener(notice as never);
    },
  };
}

async function answerKeeping(channel: string, handlers: Handlers, argument: unknown): Promise<unknown> {
  const handler = handlers[channel];
  if (!handler) return null;
  try {
    return { ok: true, data: await handler((argument ?? {}) as Input) };
  } catch (cause) {
    const error = cause instanceof AppError ? cause : new AppError('internal', String(cause));
    return { ok: false, problem: toProblem(error) };
  }
}

async function answerRpc(request: RpcRequest, handlers: Handlers): Promise<RpcResponse> {
  const handler = handlers[request.path];
  try {
    if (!handler) throw new AppError('not_found', `The story has no answer for ${request.path}.`);
    return { ok: true, data: await handler((request.input ?? {}) as Input) };
  } catch (cause) {
    const error = cause instanceof AppError ? cause : new AppError('internal', String(cause));
    return { ok: false, problem: toProblem(error) };
  }
}
