// The overview against rows made by hand: each figure, lane and need, what is left out of them, and their order.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overview, overviewOperations, type Overview } from '../../shared/overview.ts';
import { newId } from '../platform/ids.ts';
import { jsonb } from '../platform/database.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import {
  makeHandlerWorkspace,
  type HandlerWorkspace,
  type WorkspaceOptions,
} from '../platform/testing/workspace.ts';
import { overviewHandlers } from './index.ts';
import { partsOf } from './throughput.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());

interface Board extends HandlerWorkspace {
  /** What an agent is, beside its name. Times are seconds before now. */
  agent(
    name: string,
    more?: { kind?: string; online?: boolean; provider?: boolean; running?: number; status?: string },
  ): Promise<string>;
  task(title: string, state: string, more?: TaskMore): Promise<string>;
  attempt(taskId: string, agentId: string, more: AttemptMore): Promise<void>;
  read(windowMinutes?: number): Promise<Overview>;
}
interface TaskMore {
  agentId?: string;
  claimedBy?: string;
  reason?: string;
  failedAttempts?: number;
  queuedAgo?: number;
  finishedAgo?: number;
  deadlineIn?: number;
  limit?: number;
  error?: { code: string; message: string };
  kind?: string;
  attempt?: number;
  planId?: string;
}
interface AttemptMore {
  number?: number;
  outcome?: string;
  startedAgo: number;
  finishedAgo?: number;
  wait?: number;
  cost?: string;
}

const ago = (seconds: number | undefined) =>
  seconds === undefined ? null : new Date(Date.now() - seconds * 1000);

async function makeBoard(options: WorkspaceOptions = {}): Promise<Board> {
  const workspace = await makeHandlerWorkspace(test, options);
  const { run, call, accountId } = workspace;
  return {
    ...workspace,
    async agent(name, more = {}) {
      const id = newId();
      await run(({ db }) =>
        sql`insert into agents (id, name, kind, online, running, concurrency, status, provider_account_id, model, last_seen_at)
        values (${id}, ${name}, ${more.kind ?? 'external'}, ${more.online ?? false}, ${more.running ?? 0}, 10, ${more.status ?? 'active'},
          ${more.provider ? accountId : null}, ${more.provider ? 'simulated' : null}, ${more.online ? new Date() : null})`.execute(
          db,
        ),
      );
      return id;
    },
    async task(title, state, more = {}) {
      const id = newId();
      const running = state === 'running';
      await run(({ db }) =>
        sql`insert into tasks (id, title, kind, state, wait_reason, agent_id, claimed_by, failed_attempts, attempt, queued_at, finished_at,
          deadline_at, time_limit_seconds, lease_token, error, plan_id, created_by)
        values (${id}, ${title}, ${more.kind ?? 'work'}, ${state}, ${state === 'waiting' ? (more.reason ?? 'dependency') : null}, ${more.agentId ?? null},
          ${more.claimedBy ?? null}, ${more.failedAttempts ?? 0}, ${more.attempt ?? 1}, ${ago(more.queuedAgo ?? 60)}, ${ago(more.finishedAgo)},
          ${running ? ago(-(more.deadlineIn ?? 900)) : null}, ${more.limit ?? 900}, ${running ? 'token' : null}, ${more.error ? jsonb(more.error) : null},
          ${more.planId ?? null}, ${jsonb({ kind: 'system', id: null, name: 'Test' })})`.execute(db),
      );
      return id;
    },
    async attempt(taskId, agentId, more) {
      await run(({ db }) =>
        sql`insert into attempts (task_id, number, agent_id, agent_name, token, outcome, wait_seconds, started_at, finished_at, cost_usd)
        values (${taskId}, ${more.number ?? 1}, ${agentId}, 'any', 'token', ${more.outcome ?? 'succeeded'}, ${more.wait ?? 1}, ${ago(more.startedAgo)},
          ${ago(more.finishedAgo)}, ${more.cost ?? '0'}::numeric)`.execute(db),
      );
    },
    async read(windowMinutes) {
      const answer = await call(overviewOperations.get, overviewHandlers.get, { windowMinutes });
      return overview.parse(answer);
    },
  };
}

describe('the overview', () => {
  it('of an empty workspace is all zero and empty, but for the coordinator', async () => {
    const board = await makeBoard({ plan: 'starter' });
    const { figures, lanes, needs, throughput, seq } = await board.read();
    expect(figures).toEqual({
      activeAgents: 0,
      floor: 0,
      retrying: 0,
      failedLastHour: 0,
      attemptsFailedLastHour: 0,
      waitP95Seconds: null,
      costTodayUsd: '0',
      executions: 0,
      executionsLimit: 1_000,
      agents: 1,
      plansRunning: 0,
      openFindings: 0,
      openReviewItems: 0,
      tasks: { waiting: 0, queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0, handed_off: 0 },
    });
    expect(lanes).toMatchObject([{ agent: { name: 'coordinator' }, blocks: [], queued: 0, waiting: 0 }]);
    expect(needs).toEqual([]);
    expect(throughput).toHaveLength(30);
    expect(throughput.every(({ succeeded, failed }) => succeeded === 0 && failed === 0)).toBe(true);
    expect(seq).toBe(0);
  });

  it('counts what its figures say, and leaves out what is too old', async () => {
    const board = await makeBoard();
    const one = await board.agent('one', { online: true, running: 2 });
    await board.agent('gone', { status: 'retired' });
    for (const title of ['a', 'b']) await board.task(title, 'running', { agentId: one, claimedBy: one });
    await board.task('again', 'queued', { agentId: one, failedAttempts: 1 });
    await board.task('new', 'queued', { agentId: one });
    const failed = await board.task('lately', 'failed', { finishedAgo: 600, agentId: one });
    await board.task('earlier', 'failed', { finishedAgo: 7_200, agentId: one });
    const done = await board.task('done', 'succeeded', { finishedAgo: 5, agentId: one });
    await board.attempt(done, one, { startedAgo: 10, finishedAgo: 0, wait: 4, cost: '0.25' });
    await board.attempt(failed, one, {
      outcome: 'failed',
      startedAgo: 700,
      finishedAgo: 0,
      wait: 4,
      cost: '1.5',
    });
    await board.attempt(failed, one, {
      number: 2,
      startedAgo: 90_000,
      finishedAgo: 172_800,
      wait: 500,
      cost: '7',
    });
    await board.run(async ({ db }) => {
      for (const [state, floor] of [
        ['running', 3],
        ['running', 5],
        ['paused', 9],
      ] as const) {
        await sql`insert into plans (id, name, state, min_active, time_limit_seconds, success_criteria, counts, created_by)
          values (${newId()}, 'P', ${state}, ${floor}, 900, '[]', '{}', '{}')`.execute(db);
      }
      await sql`insert into usage_months (period, executions) values (to_char(now() at time zone 'UTC', 'YYYY-MM'), 42)`.execute(
        db,
      );
    });
    const { figures } = await board.read();
    expect(figures).toMatchObject({
      activeAgents: 1,
      agents: 2,
      floor: 5,
      plansRunning: 2,
      retrying: 1,
      failedLastHour: 1,
      attemptsFailedLastHour: 1,
      waitP95Seconds: 4,
      costTodayUsd: '1.75',
      executions: 42,
      executionsLimit: null,
      tasks: { waiting: 0, queued: 2, running: 2, succeeded: 1, failed: 2, cancelled: 0, handed_off: 0 },
    });
  });

  it('orders lanes by what runs, what is queued, what was active lately, and name; and shows their window', async () => {
    const board = await makeBoard();
    const idle = await board.agent('Idle');
    const lately = await board.agent('lately', { online: true });
    const queued = await board.agent('queued', { online: true });
    const running = await board.agent('running', { online: true, running: 1 });
    await board.agent('another idle');
    await board.task('q', 'queued', { agentId: queued });
    await board.task('w', 'waiting', { agentId: queued });
    const task = await board.task('long', 'running', {
      agentId: running,
      claimedBy: running,
      attempt: 3,
      limit: 86_400,
      deadlineIn: 80_000,
    });
    await board.attempt(task, running, { number: 3, outcome: 'running', startedAgo: 6_000 });
    await board.attempt(task, running, {
      number: 2,
      outcome: 'released',
      startedAgo: 6_500,
      finishedAgo: 1_000,
    });
    await board.attempt(task, running, {
      number: 1,
      outcome: 'lease_expired',
      startedAgo: 9_000,
      finishedAgo: 8_000,
    });
    const many = await board.task('many', 'succeeded', { agentId: lately, attempt: 70 });
    for (let number = 1; number <= 65; number += 1) {
      await board.attempt(many, lately, {
        number,
        outcome: 'failed',
        startedAgo: 1_000 - number,
        finishedAgo: 999 - number,
      });
    }
    const { lanes } = await board.read(30);
    expect(lanes.map(({ agent }) => agent.name)).toEqual([
      'running',
      'queued',
      'lately',
      'another idle',
      'coordinator',
      'Idle',
    ]);
    expect(
      lanes[0]!.blocks.map(({ attempt, state, finishedAt }) => [attempt, state, finishedAt === null]),
    ).toEqual([
      [3, 'running', true],
      [2, 'queued', false],
    ]);
    expect(lanes[1]).toMatchObject({ queued: 1, waiting: 1, blocks: [] });
    expect(lanes[2]!.blocks.map(({ attempt }) => attempt)).toEqual(
      Array.from({ length: 60 }, (_, index) => 65 - index),
    );
    expect(lanes.find(({ agent }) => agent.id === idle)!.blocks).toEqual([]);
    expect((await board.read(180)).lanes[0]!.blocks.map(({ attempt, state }) => [attempt, state])).toEqual([
      [3, 'running'],
      [2, 'queued'],
      [1, 'failed'],
    ]);
  });

  it('ranks what needs a person', async () => {
    const board = await makeBoard({ plan: 'starter' });
    const offline = await board.agent('offline');
    const online = await board.agent('online', { online: true, running: 4 });
    const bare = await board.agent('bare', { kind: 'hosted' });
    const hosted = await board.agent('hosted', { kind: 'hosted', provider: true });
    await board.agent('offline and idle');
    for (const agentId of [offline, offline, online, bare, hosted])
      await board.task('queued', 'queued', { agentId });
    const late = await board.task('late', 'running', { claimedBy: online, deadlineIn: 50 });
    const later = await board.task('a tenth of a long limit', 'running', {
      claimedBy: online,
      limit: 36_000,
      deadlineIn: 3_000,
    });
    await board.task('with time', 'running', { claimedBy: online, deadlineIn: 600 });
    await board.task('short, and half of it left', 'running', {
      claimedBy: online,
      limit: 100,
      deadlineIn: 99,
    });
    const gate = await board.task('gate', 'waiting', { kind: 'approval', reason: 'approval' });
    const error = (message: string) => ({ code: 'agent_error', message });
    const failed: string[] = [];
    for (const [index, message] of [
      'No answer after 12.5 s from 10.0.0.1',
      'No answer after 3 s from 10.0.0.22',
      'Denied with 403',
    ].entries()) {
      failed.push(await board.task('f', 'failed', { finishedAgo: 100 - index, error: error(message) }));
    }
    await board.task('old', 'failed', { finishedAgo: 90_000, error: error('Denied') });
    await board.run(async ({ db }) => {
      const values = (severity: string, seen: boolean) =>
        sql`(${newId()}, ${late}, ${online}, ${severity}, 'b', ${severity}, ${seen ? new Date() : null})`;
      await sql`insert into findings (id, task_id, agent_id, title, body, severity, acknowledged_at)
        values ${sql.join([values('urgent', false), values('urgent', true), values('warning', false)])}`.execute(
        db,
      );
      await sql`insert into usage_months (period, executions) values (to_char(now() at time zone 'UTC', 'YYYY-MM'), 1000)`.execute(
        db,
      );
    });
    await board.run(({ db }) => sql`insert into budgets (id, scope, unit, amount, soft_percent, period, period_start, spent, warned_at, exhausted_at, created_by)
      values (${newId()}, 'workspace', 'usd', 10, 80, 'month', date_trunc('month', now(), 'UTC'), 9, now(), null, '{}'),
        (${newId()}, 'workspace', 'usd', 5, 80, 'total', 'epoch', 5, now(), now(), '{}'),
        (${newId()}, 'workspace', 'usd', 5, 80, 'day', now() - interval '2 days', 5, now(), now(), '{}')`.execute(db));
    const { needs, figures } = await board.read();
    expect(needs.map((need) => need.kind)).toEqual([
      'finding',
      'time_limit',
      'time_limit',
      'approval',
      'agent_offline',
      'agent_without_provider',
      'error_group',
      'error_group',
      'budget',
      'budget',
      'quota',
    ]);
    expect(needs).toMatchObject([
      { title: 'urgent', taskId: late, agentName: 'online', simulated: false },
      { taskId: late, agentName: 'online' },
      { taskId: later },
      { taskId: gate, planName: null },
      { agentId: offline, queued: 2 },
      { agentId: bare, queued: 1 },
      { title: 'No answer after … s from …', count: 2, taskIds: [failed[1], failed[0]] },
      { title: 'Denied with 403', count: 1, taskIds: [failed[2]] },
      { exhausted: true, amount: '5', resetsAt: null },
      { exhausted: false, spent: '9', amount: '10' },
      { limit: 1_000 },
    ]);
    expect(figures.openFindings).toBe(1);
  });

  it('counts finished tasks into parts of the window, a retried failure not among them', async () => {
    const board = await makeBoard();
    const one = await board.agent('one', { online: true });
    const again = await board.task('again', 'succeeded', { attempt: 2 });
    await board.attempt(again, one, { number: 1, outcome: 'failed', startedAgo: 40, finishedAgo: 30 });
    await board.attempt(again, one, { number: 2, startedAgo: 20, finishedAgo: 0 });
    const dead = await board.task('dead', 'failed', { attempt: 1 });
    await board.attempt(dead, one, { outcome: 'lease_expired', startedAgo: 400, finishedAgo: 360 });
    const old = await board.task('old', 'succeeded', {});
    await board.attempt(old, one, { startedAgo: 9_000, finishedAgo: 8_000 });
    const { throughput } = await board.read(30);
    const sum = (of: 'succeeded' | 'failed') => throughput.reduce((total, part) => total + part[of], 0);
    expect([sum('succeeded'), sum('failed')]).toEqual([1, 1]);
    expect(throughput.findIndex((part) => part.failed > 0)).toBeLessThan(
      throughput.findIndex((part) => part.succeeded > 0),
    );
    const starts = throughput.map(({ at }) => new Date(at).getTime());
    expect(starts).toEqual(starts.map((_, index) => starts[0]! + index * 60_000));
  });

  it('cuts any window into at most 60 parts of whole minutes that cover it', () => {
    for (let minutes = 5; minutes <= 10_080; minutes += 1) {
      const parts = partsOf(minutes);
      expect(parts.count).toBeLessThanOrEqual(60);
      expect(parts.count * parts.minutes).toBeGreaterThanOrEqual(minutes);
      expect((parts.count - 1) * parts.minutes).toBeLessThan(minutes);
    }
  });
});
