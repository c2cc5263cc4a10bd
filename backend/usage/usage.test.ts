// The roll-ups as they are read: series, groups, shares and the forecast equal the rows added up by hand.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usageOperations, type UsageFigures } from '../../shared/usage.ts';
import { sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { makeHandlerWorkspace, type HandlerWorkspace } from '../platform/testing/workspace.ts';
import { seededRandom } from '../providers/index.ts';
import { readForecast } from './forecast.ts';
import { usageHandlers } from './index.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const outcomes = ['claimed', 'succeeded', 'failed', 'handed_off'] as const;
interface Row {
  at: number;
  agent: string;
  plan: string | null;
  account: string | null;
  outcome: (typeof outcomes)[number];
  executions: number;
  attempts: number;
  seconds: number;
  input: number;
  output: number;
  /** Millionths of a dollar. */
  cost: number;
}

/** Forty days of work by five agents over three plans, in the tables of hours and of days. */
async function fill({ run, accountId }: HandlerWorkspace): Promise<{ table: Row[]; agents: string[]; plans: string[]; accounts: string[] }> {
  const random = seededRandom('usage');
  const upTo = (most: number) => Math.floor(random() * most);
  const agents = Array.from({ length: 5 }, newId);
  const plans = Array.from({ length: 2 }, newId);
  const accounts = [accountId, newId(), newId()];
  const start = Date.UTC(2026, 9, 12);
  const table = new Map<string, Row>();
  for (let index = 0; index < 700; index += 1) {
    const outcome = outcomes[upTo(4)]!;
    const claimed = outcome === 'claimed';
    const agent = Math.min(upTo(5), upTo(5));
    const row: Row = {
      at: start + upTo(40 * 24) * HOUR,
      agent: agents[agent]!,
      plan: [null, ...plans][upTo(3)]!,
      // The first is simulated always, the second now and then on either service, the others on none.
      account: agent === 0 ? accountId : agent === 1 ? accounts[1 + upTo(2)]! : null,
      outcome,
      executions: claimed ? 1 + upTo(3) : 0,
      attempts: claimed ? 0 : 1 + upTo(4),
      seconds: claimed ? 0 : upTo(9_000) / 10,
      input: claimed ? 0 : upTo(90_000),
      output: claimed ? 0 : upTo(9_000),
      cost: claimed ? 0 : upTo(3_000_000),
    };
    table.set(`${row.at} ${row.agent} ${row.plan} ${row.account} ${outcome}`, row);
  }
  const all = [...table.values()];
  await run(async ({ db }) => {
    for (const [index, id] of agents.entries()) {
      await sql`insert into agents (id, name, kind) values (${id}, ${`agent-${index}`}, 'hosted')`.execute(db);
    }
    await sql`insert into provider_accounts (id, name, kind, settings) values (${accounts[1]}, 'Bought', 'openai', '{}'), (${accounts[2]}, 'Given up', 'anthropic', '{}')`.execute(db);
    for (const [index, id] of plans.entries()) {
      await sql`insert into plans (id, name, state, min_active, time_limit_seconds, success_criteria, counts, created_by)
        values (${id}, ${`Plan ${index}`}, 'running', 0, 900, '[]', '{}', '{}')`.execute(db);
    }
    await sql`insert into usage_hours (at, agent_id, plan_id, account_id, outcome, executions, attempts, execution_seconds, input_tokens, output_tokens, cost_usd)
      select * from jsonb_to_recordset(${JSON.stringify(
      all.map(({ at, agent, plan, account, outcome, executions, attempts, seconds, input, output, cost }) => ({
        at: new Date(at).toISOString(), agent_id: agent, plan_id: plan, account_id: account, outcome, executions, attempts, execution_seconds: seconds, input_tokens: input, output_tokens: output, cost_usd: (cost / 1e6).toFixed(6),
      })),
    )}::jsonb) as r(at timestamptz, agent_id uuid, plan_id uuid, account_id uuid, outcome text, executions int, attempts int, execution_seconds float8, input_tokens bigint, output_tokens bigint, cost_usd numeric)`.execute(db);
    await sql`insert into usage_days (at, agent_id, plan_id, account_id, outcome, executions, attempts, execution_seconds, input_tokens, output_tokens, cost_usd)
      select date_trunc('day', at, 'UTC'), agent_id, plan_id, account_id, outcome, sum(executions), sum(attempts), sum(execution_seconds), sum(input_tokens), sum(output_tokens), sum(cost_usd)
      from usage_hours group by 1, 2, 3, 4, 5`.execute(db);
  });
  return { table: all, agents, plans, accounts };
}

const cents = (millionths: number): string => String(Number((millionths / 1e6).toFixed(6)));
function figuresOf(found: Row[]): UsageFigures {
  const total = (of: (row: Row) => number) => found.reduce((sum, row) => sum + of(row), 0);
  return {
    executions: total((row) => row.executions),
    attempts: total((row) => row.attempts),
    executionSeconds: Math.round(total((row) => row.seconds) * 1000) / 1000,
    inputTokens: total((row) => row.input),
    outputTokens: total((row) => row.output),
    costUsd: cents(total((row) => row.cost)),
  };
}

describe('usage that is read', () => {
  let workspace: HandlerWorkspace;
  let made: Awaited<ReturnType<typeof fill>>;
  beforeAll(async () => {
    workspace = await makeHandlerWorkspace(test);
    made = await fill(workspace);
  });
  const series = (input: object) => workspace.call(usageOperations.series, usageHandlers.series, { bucket: 'day', from: '2026-10-20T00:00:00Z', to: '2026-11-10T00:00:00Z', ...input } as never);
  const breakdown = (input: object) => workspace.call(usageOperations.breakdown, usageHandlers.breakdown, { by: 'agent', from: '2026-10-01T00:00:00Z', to: '2026-12-01T00:00:00Z', ...input } as never);
  const within = (from: string, to: string, keep: (row: Row) => boolean = () => true) =>
    made.table.filter((row) => row.at >= Date.parse(from) && row.at < Date.parse(to) && keep(row));

  it.each([
    ['hour', 'UTC', '2026-10-20T00:00:00Z', '2026-10-27T00:00:00Z'],
    ['day', 'UTC', '2026-10-20T00:00:00Z', '2026-11-10T00:00:00Z'],
    ['day', 'Europe/Berlin', '2026-10-19T22:00:00Z', '2026-11-09T23:00:00Z'],
    ['day', 'Asia/Kolkata', '2026-10-19T19:00:00Z', '2026-11-09T19:00:00Z'],
    ['month', 'UTC', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'],
  ])('by the %s in %s equals the rows added up by hand', async (...[bucket, timeZone, from, to]) => {
    const found = await series({ bucket, timeZone, from, to });
    for (const point of found.points) expect(point.figures).toEqual(figuresOf(within(point.at, point.until)));
    expect(found.total).toEqual(figuresOf(within(from, to)));
    expect([found.points[0]!.at, found.points.at(-1)!.until].map(Date.parse)).toEqual([from, to].map(Date.parse));
    for (const [index, point] of found.points.slice(1).entries()) expect(point.at).toBe(found.points[index]!.until);
    expect(found.points.map(({ values }) => values)).toEqual(found.points.map(({ figures }) => [figures.executions]));
  });

  it('in groups: the greatest of the metric, the others together, nothing lost', async () => {
    const found = await series({ groupBy: 'agent', metric: 'cost', top: 3 });
    const span = within('2026-10-20T00:00:00Z', '2026-11-10T00:00:00Z');
    const costs = made.agents.map((agent, index) => ({ name: `agent-${index}`, cost: span.filter((row) => row.agent === agent).reduce((sum, row) => sum + row.cost, 0) / 1e6 }));
    costs.sort((a, b) => b.cost - a.cost);
    expect(found.groups.map(({ name }) => name)).toEqual([...costs.slice(0, 3).map(({ name }) => name), null]);
    for (const [index, group] of found.groups.slice(0, 3).entries()) expect(group.total).toBeCloseTo(costs[index]!.cost, 5);
    expect(found.groups.at(-1)).toMatchObject({ key: 'other' });
    expect(found.groups.filter(({ simulated }) => simulated).map(({ name }) => name)).toEqual(['agent-0']);
    for (const point of found.points) {
      expect(point.values).toHaveLength(4);
      expect(point.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(Number(point.figures.costUsd), 5);
    }
  });

  it('of one agent or one plan alone, and by what became of attempts', async () => {
    const [agent, plan] = [made.agents[0]!, made.plans[0]!];
    const found = await series({ agentId: agent, planId: plan, groupBy: 'state', metric: 'attempts' });
    expect(found.total).toEqual(figuresOf(within('2026-10-20T00:00:00Z', '2026-11-10T00:00:00Z', (row) => row.agent === agent && row.plan === plan)));
    expect(found.groups.map(({ key }) => key).toSorted()).toEqual(['failed', 'handed_off', 'succeeded']);
    await expect(series({ groupBy: 'state' })).rejects.toMatchObject({ code: 'validation_failed', details: { fields: [{ path: 'metric' }] } });
  });

  it('beside the span before', async () => {
    const found = await series({ compareFrom: '2026-10-13T00:00:00Z', compareTo: '2026-10-20T00:00:00Z' });
    expect(found.previous).toEqual(figuresOf(within('2026-10-13T00:00:00Z', '2026-10-20T00:00:00Z')));
    expect((await series({})).previous).toBeNull();
  });

  it('as shares, page by page', async () => {
    const whole = await breakdown({ metric: 'tokens' });
    expect(whole.items.map(({ share }) => share)).toEqual(whole.items.map(({ share }) => share).toSorted((a, b) => b - a));
    expect(whole.items.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    for (const item of whole.items) {
      const { key, name, simulated, share: _share, ...figures } = item;
      expect(figures).toEqual(figuresOf(made.table.filter((row) => row.agent === key)));
      expect(name).toBe(`agent-${made.agents.indexOf(key)}`);
      expect(simulated).toBe(name === 'agent-0');
    }
    const paged: typeof whole.items = [];
    let cursor: string | undefined;
    do {
      const page = await breakdown({ metric: 'tokens', limit: 2, cursor });
      paged.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(paged).toEqual(whole.items);
  });

  it('by plan with what is of none, and by state without the claims', async () => {
    const plans = await breakdown({ by: 'plan' });
    expect(plans.items.map(({ name, key }) => name ?? key).toSorted()).toEqual(['Plan 0', 'Plan 1', 'none']);
    const states = await breakdown({ by: 'state', metric: 'seconds' });
    expect(states.items.map(({ key }) => key).toSorted()).toEqual(['failed', 'handed_off', 'succeeded']);
  });

  it('by provider account, and what ran on a simulator says so, also when the account is removed', async () => {
    const found = await breakdown({ by: 'account', metric: 'cost' });
    const [simulator, bought, givenUp] = made.accounts as [string, string, string];
    for (const { key, name: _name, simulated: _simulated, share: _share, ...figures } of found.items) {
      expect(figures).toEqual(figuresOf(made.table.filter(({ account }) => (account ?? 'none') === key)));
    }
    const said = (items: typeof found.items) => Object.fromEntries(items.map(({ key, name, simulated }) => [key, `${name}${simulated ? ', simulated' : ''}`]));
    expect(said(found.items)).toEqual({ [simulator]: 'Simulator, simulated', [bought]: 'Bought', [givenUp]: 'Given up', none: 'null' });
    const grouped = await series({ groupBy: 'account', metric: 'cost' });
    expect(grouped.groups.filter(({ simulated }) => simulated).map(({ key }) => key)).toEqual([simulator]);
    expect(grouped.simulated).toBe(true);
    const one = await series({ accountId: bought });
    expect(one.total).toEqual(figuresOf(within('2026-10-20T00:00:00Z', '2026-11-10T00:00:00Z', ({ account }) => account === bought)));
    expect(one.simulated).toBe(false);
    expect((await series({ accountId: 'none' })).total).toEqual(figuresOf(within('2026-10-20T00:00:00Z', '2026-11-10T00:00:00Z', ({ account }) => account === null)));
    // A plan that a simulator worked on says so too; of outcomes it is true as well.
    expect((await breakdown({ by: 'plan' })).items.every(({ simulated }) => simulated)).toBe(true);

    await workspace.run(({ db }) => sql`with gone as (delete from provider_accounts where id in (${simulator}, ${givenUp}) returning id, name, kind)
      insert into former_accounts (id, name, kind) select id, name, kind from gone`.execute(db));
    const after = await breakdown({ by: 'account', metric: 'cost' });
    expect(said(after.items)).toEqual({ [simulator]: 'Simulator (removed), simulated', [bought]: 'Bought', [givenUp]: 'Given up (removed)', none: 'null' });
  });

  it('as nothing in a workspace in which nothing was done', async () => {
    const empty = await makeHandlerWorkspace(test);
    const found = await empty.call(usageOperations.series, usageHandlers.series, { bucket: 'day', from: '2026-10-20T00:00:00Z', to: '2026-10-22T00:00:00Z', groupBy: 'plan' });
    expect(found).toMatchObject({ groups: [], total: { executions: 0, costUsd: '0' }, points: [{ values: [0] }, { values: [0] }] });
    expect((await empty.call(usageOperations.forecast, usageHandlers.forecast, {})).method).toBeNull();
  });

  it('and forecast from the days behind now', async () => {
    const forecast = await workspace.run(async (tx) => {
      const today = Math.floor(tx.now.getTime() / DAY) * DAY;
      await sql`delete from usage_days`.execute(tx.db);
      for (let day = 1; day <= 5; day += 1) {
        await sql`insert into usage_days (at, agent_id, outcome, executions, cost_usd) values (${new Date(today - day * DAY)}, ${made.agents[0]}, 'claimed', 40, 2)`.execute(tx.db);
      }
      // A part of today, which is no full day.
      await sql`insert into usage_days (at, agent_id, outcome, executions) values (${new Date(today)}, ${made.agents[0]}, 'claimed', 900)`.execute(tx.db);
      return readForecast(tx);
    });
    expect(forecast).toMatchObject({ days: 5, method: 'mean', limit: null, simulated: false });
    const left = (Date.parse(forecast.resetsAt) - Date.now()) / DAY;
    expect(Math.abs(forecast.executions!.expected - 40 * left)).toBeLessThan(2);
    expect(forecast.executions!.high - forecast.executions!.low).toBe(0);
  });
});
