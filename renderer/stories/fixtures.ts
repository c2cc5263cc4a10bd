// A believable workspace, the same at every drawing: Northwind Robotics, the evening before a release.
// Made from a seed at module load; NOW stands still.
import type { ConnectionSummary } from '../../shared/connection.ts';
import type { Agent } from '../../shared/agent.ts';
import type { Finding } from '../../shared/finding.ts';
import type { Me } from '../../shared/identity.ts';
import type { LaneBlock, Need, Overview } from '../../shared/overview.ts';
import type { Plan, PlanNode, PlanSummary } from '../../shared/plan.ts';
import type { ProviderAccount } from '../../shared/provider.ts';
import type { Role } from '../../shared/permissions.ts';
import type { Attempt, Task, TaskDetails, TaskState, TaskSummary } from '../../shared/task.ts';
import type { Usage } from '../../shared/usage.ts';
import type { Why, WhyReason } from '../../shared/why.ts';
import type { Workspace } from '../../shared/workspace.ts';

export const NOW = Date.parse('2026-11-20T17:42:10Z');
export const secondsAgo = (seconds: number): string => new Date(NOW - seconds * 1_000).toISOString();
export const secondsAhead = (seconds: number): string => secondsAgo(-seconds);

/** A UUID version 7 whose order is that of `at`, in seconds before NOW. */
export function uuid(kind: string, index: number, ago = 0): string {
  const at = (NOW - ago * 1_000).toString(16).padStart(12, '0');
  const tail = `${kind}${index.toString(16).padStart(11, '0')}`;
  return `${at.slice(0, 8)}-${at.slice(8)}-7a31-8f0c-${tail.slice(0, 12).padStart(12, '0')}`;
}

/** Park and Miller's generator: the same figures in every picture. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const WEEK = 7 * 86_400;
const organization = { id: '019d2f6a-0400-7a31-8f0c-a00000000001', name: 'Northwind Robotics', role: 'owner' as Role, createdAt: secondsAgo(9 * WEEK) };

export function meAs(role: Role): Me {
  const own = { ...organization, role };
  return {
    user: { id: uuid('a', 1, 9 * WEEK), name: 'Mara Keller', email: 'mara@northwind.example' },
    organization: own,
    organizations: [own],
  };
}
export const me = meAs('owner');

export const providers: ProviderAccount[] = [
  {
    id: uuid('e', 1, WEEK),
    version: 1,
    name: 'Simulator',
    kind: 'simulator',
    simulated: true,
    models: ['simulated-1'],
    settings: { seed: 1, typicalSeconds: 20, failureRate: 0.08, overrunRate: 0.04 },
    service: null,
    keyHint: null,
    maxRunning: null,
    state: 'ok',
    until: null,
    problem: null,
    tested: null,
    agents: 6,
    monthCostUsd: '0',
    createdAt: secondsAgo(WEEK),
  },
];

const roster: [name: string, role: string, kind: Agent['kind']][] = [
  ['coordinator', 'Takes what no other agent is named for', 'hosted'],
  ['release-planner', 'Turns a goal into steps with an order', 'hosted'],
  ['firmware-reviewer', 'Reads motor and sensor firmware', 'hosted'],
  ['safety-auditor', 'Checks against the safety case', 'external'],
  ['simulation-runner', 'Runs gait and load simulations', 'external'],
  ['test-engineer', 'Writes and mends tests', 'hosted'],
  ['docs-writer', 'Release notes and manuals', 'hosted'],
  ['supply-analyst', 'Parts, prices and delays', 'external'],
  ['fleet-analyst', 'Telemetry of robots in the field', 'hosted'],
  ['translator', 'Manuals in eleven languages', 'hosted'],
  ['release-manager', 'Assembles and signs the release', 'hosted'],
];

export const agents: Agent[] = roster.map(([name, role, kind], index): Agent => ({
  id: uuid('b', index, WEEK - index * 60),
  version: 4 + index,
  name,
  kind,
  role,
  instructions: `You are ${name}. ${role}. Say what you checked, what you found and how sure you are.`,
  capabilities: [['planning'], ['planning', 'review'], ['firmware', 'review'], ['safety'], ['simulation'], ['testing'], ['writing'], ['research'], ['telemetry'], ['writing', 'translation'], ['release']][index] ?? [],
  provider: kind === 'hosted' ? { accountId: providers[0]?.id ?? '', model: 'simulated-1', accountName: 'Simulator', simulated: true } : null,
  concurrency: index === 4 ? 3 : 1,
  timeLimitSeconds: 900,
  attemptCostUsd: null,
  status: name === 'translator' ? 'paused' : 'active',
  presence: index >= 1 && index <= 5 ? 'busy' : name === 'supply-analyst' ? 'offline' : 'idle',
  running: index >= 1 && index <= 5 ? 1 : 0,
  builtIn: name === 'coordinator',
  lastSeenAt: name === 'supply-analyst' ? secondsAgo(2_460) : secondsAgo(3 + index),
  createdAt: secondsAgo(WEEK - index * 60),
})).sort((a, b) => (a.name < b.name ? -1 : 1));

const byName = (name: string): Agent => {
  const found = agents.find((agent) => agent.name === name);
  if (!found) throw new Error(`No agent ${name} in the fixtures.`);
  return found;
};

const PLAN_ID = uuid('c', 1, 5_400);
const titles = [
  'Check torque limits of the left wrist joint',
  'Compare gait stability on wet concrete',
  'Review watchdog reset in motor firmware',
  'List untested branches of the charging dock',
  'Summarise field reports of battery swelling',
  'Price second source for hall sensors',
  'Write release notes for 4.2',
  'Translate the quick start into Finnish',
  'Trace emergency stop from button to brake',
  'Estimate heat of the hip drive at 40 °C',
  'Find flaky tests of the last two weeks',
  'Draft the recall letter template',
];

const states: TaskState[] = ['running', 'queued', 'succeeded', 'succeeded', 'failed', 'succeeded', 'handed_off', 'waiting', 'queued', 'succeeded', 'cancelled', 'succeeded'];

/** A task row; whatever `over` gives stands. */
export function makeTask(index: number, over: Partial<TaskSummary> = {}): TaskSummary {
  const random = createRandom(index * 7_919 + 13);
  const state = over.state ?? states[index % states.length] ?? 'queued';
  const created = 40 + index * 47;
  const agent = agents[(index * 3 + 1) % agents.length] ?? byName('coordinator');
  const started = state === 'queued' || state === 'waiting' ? null : Math.max(8, created - 20);
  const finished = started === null || state === 'running' ? null : Math.max(2, started - Math.round(20 + random() * 500));
  const retrying = state === 'queued' && index % 8 === 1;
  const error = state === 'failed' || retrying ? { code: 'provider_error', message: 'The provider answered 429 three times. retry-after: 60' } : null;
  return {
    id: uuid('1', index, created),
    version: 3,
    title: titles[(index * 5) % titles.length] ?? '',
    kind: 'work',
    state,
    waitReason: state === 'waiting' ? 'dependency' : null,
    agentId: agent.id,
    agentName: agent.name,
    simulated: agent.provider?.simulated ?? false,
    capabilities: [],
    planId: index % 3 === 0 ? PLAN_ID : null,
    planKey: index % 3 === 0 ? `step-${index}` : null,
    errorGroup: state === 'failed' ? '5e543256c480ac577d30f76f9120eb74' : null,
    queue: 'default',
    priority: 5 - (index % 3),
    attempt: state === 'waiting' || (state === 'queued' && !retrying) ? 0 : 1 + (index % 3),
    maxAttempts: 3,
    runAt: retrying ? secondsAhead(42) : null,
    timeLimitSeconds: 900,
    progress: state === 'running' ? { percent: Math.round(random() * 90), message: 'Reading the joint model' } : null,
    error,
    handoffs: state === 'handed_off' ? 1 : 0,
    succeededBy: null,
    executionSeconds: started === null ? 0 : Math.round(random() * 600),
    costUsd: started === null ? '0' : (random() * 0.4).toFixed(4),
    createdBy: { kind: 'user', id: me.user.id, name: me.user.name },
    createdAt: secondsAgo(created),
    startedAt: started === null ? null : secondsAgo(started),
    finishedAt: finished === null ? null : secondsAgo(finished),
    heldBy: null,
    deletedAt: null,
    ...over,
  };
}

export const tasks: TaskSummary[] = Array.from({ length: 60 }, (_, index) => makeTask(index));
/** For lists that must scroll well. */
export const manyTasks = (count: number): TaskSummary[] => Array.from({ length: count }, (_, index) => makeTask(index));

export function makeFullTask(row: TaskSummary, over: Partial<Task> = {}): Task {
  return {
    ...row,
    instructions: 'Read `firmware/wrist/limits.c` and the safety case, section 4.\n\nReport every limit that differs by more than 2%.',
    output: row.state === 'succeeded' ? '## Result\n\nTwo of 14 limits differ.\n\n| joint | firmware | safety case |\n| --- | --- | --- |\n| wrist yaw | 4.1 Nm | 3.8 Nm |\n| wrist roll | 2.9 Nm | 2.8 Nm |\n\nThe yaw limit is **above** the safety case.' : null,
    expectedOutput: 'reports/wrist-limits.md',
    tools: ['repository:read', 'tests:run'],
    successCriteria: ['Every limit is compared', 'Each difference names file and line'],
    dependsOn: [],
    handoffFrom: null,
    handoffNotes: null,
    retry: null,
    scheduleId: null,
    ...over,
  };
}

export const findings: Finding[] = (
  [
    ['urgent', 'Emergency stop is debounced for 400 ms', 'safety-auditor', 120],
    ['warning', 'Yaw limit is 8% above the safety case', 'firmware-reviewer', 640],
    ['info', 'Gait tables are generated twice in the build', 'simulation-runner', 1_130],
    ['warning', 'No load test above 40 robots a site', 'fleet-analyst', 2_040],
    ['urgent', 'Brake release is not logged on battery swap', 'safety-auditor', 2_700],
    ['info', 'Release notes of 4.1 name a wrong part number', 'docs-writer', 3_900],
  ] as const
).map(([severity, title, name, ago], index) => {
  const agent = byName(name);
  const task = tasks[index * 3] ?? makeTask(0);
  return {
    id: uuid('f', index, ago),
    version: 1,
    taskId: task.id,
    taskTitle: task.title,
    planId: PLAN_ID,
    agentId: agent.id,
    agentName: agent.name,
    simulated: agent.provider?.simulated ?? false,
    title,
    body: 'Seen in `control/stop.c`, line 212. The constant is from the 3.x board, where the button bounced. On the 4.x board it only delays the brake.',
    severity,
    acknowledgedAt: index === 4 ? secondsAgo(1_800) : null,
    createdAt: secondsAgo(ago),
  };
});

const onSimulator = { model: 'simulated', providerAccountId: uuid('e', 1, WEEK), usageEstimated: false, unpriced: false };
export const attempts: Attempt[] = [
  { number: 1, agentId: byName('test-engineer').id, agentName: 'test-engineer', outcome: 'lease_expired', error: { code: 'lease_expired', message: 'No heartbeat for 30 s.' }, startedAt: secondsAgo(700), finishedAt: secondsAgo(420), inputTokens: 1_204, outputTokens: 310, costUsd: '0.0121', ...onSimulator },
  { number: 2, agentId: byName('test-engineer').id, agentName: 'test-engineer', outcome: 'failed', error: { code: 'provider_error', message: 'provider error 429\nretry-after: 60\nrequest 7f3a…' }, startedAt: secondsAgo(400), finishedAt: secondsAgo(250), inputTokens: 1_204, outputTokens: 0, costUsd: '0.0031', ...onSimulator },
];

/** Nothing in the way, unless the story names reasons. */
export function makeWhy(taskId: string, reasons: Omit<WhyReason, 'taskId'>[] = [], ahead = reasons.length === 0 ? 3 : null): Why {
  return { runnable: reasons.length === 0, ahead, reasons: reasons.map((reason) => ({ ...reason, taskId })) };
}

export function makeDetails(row: TaskSummary, over: Partial<TaskDetails> = {}): TaskDetails {
  const running: Attempt[] = row.state === 'running' ? [{ ...(attempts[0] as Attempt), number: 3, outcome: 'running', error: null, startedAt: row.startedAt ?? secondsAgo(60), finishedAt: null }] : [];
  return {
    task: makeFullTask(row),
    attempts: row.attempt === 0 ? [] : [...attempts.slice(0, Math.max(0, row.attempt - running.length)), ...running],
    findings: findings.slice(1, 3).map((finding) => ({ ...finding, taskId: row.id, taskTitle: row.title })),
    timeline: [
      { seq: 48_002, at: row.createdAt, type: 'task.created', actor: row.createdBy, message: 'Created' },
      { seq: 48_017, at: secondsAgo(700), type: 'task.claimed', actor: { kind: 'agent', id: row.agentId, name: row.agentName ?? '' }, message: 'Attempt 1 started' },
      { seq: 48_090, at: secondsAgo(420), type: 'task.requeued', actor: { kind: 'system', id: null, name: 'Signalbox' }, message: 'Attempt 1 lost its lease; queued again' },
    ],
    dependencies: tasks.slice(2, 4),
    dependents: tasks.slice(7, 8),
    ...over,
  };
}

const planSteps: [key: string, title: string, agent: string, state: TaskState, dependsOn: string[]][] = [
  ['scope', 'Scope of release 4.2', 'release-planner', 'succeeded', []],
  ['firmware', 'Review motor firmware', 'firmware-reviewer', 'succeeded', ['scope']],
  ['safety', 'Audit the safety case', 'safety-auditor', 'running', ['scope']],
  ['gait', 'Simulate gait on four grounds', 'simulation-runner', 'running', ['scope']],
  ['fleet', 'Telemetry of the pilot fleet', 'fleet-analyst', 'succeeded', ['scope']],
  ['tests', 'Close gaps in tests', 'test-engineer', 'running', ['firmware']],
  ['stop', 'Trace the emergency stop', 'safety-auditor', 'waiting', ['safety', 'firmware']],
  ['load', 'Load of forty robots a site', 'simulation-runner', 'queued', ['fleet']],
  ['notes', 'Write release notes', 'docs-writer', 'waiting', ['tests', 'gait']],
  ['gate', 'Approve the release', 'release-manager', 'waiting', ['stop', 'notes', 'load']],
  ['sign', 'Assemble and sign', 'release-manager', 'waiting', ['gate']],
];

const planNodes: PlanNode[] = planSteps.map(([key, title, name, state, dependsOn], index) => {
  const agent = byName(name);
  return {
    ...makeTask(200 + index, {
      id: uuid('2', index, 5_300 - index * 10),
      title,
      state,
      kind: key === 'gate' ? 'approval' : 'work',
      waitReason: state === 'waiting' ? 'dependency' : null,
      agentId: agent.id,
      agentName: agent.name,
      simulated: agent.provider?.simulated ?? false,
      planId: PLAN_ID,
      planKey: key,
      startedAt: state === 'running' ? secondsAgo(492 - index * 31) : state === 'succeeded' ? secondsAgo(2_000) : null,
      finishedAt: state === 'succeeded' ? secondsAgo(1_300) : null,
      error: null,
    }),
    key,
    dependsOn,
    output: state === 'succeeded' ? 'Done. See the report.' : null,
    successCriteria: key === 'safety' ? ['Every hazard has a test'] : [],
  };
});

const count = (state: TaskState): number => planNodes.filter((node) => node.state === state).length;
export const planSummaries: PlanSummary[] = [
  { id: PLAN_ID, version: 31, name: 'Release 4.2', state: 'running', minActive: 3, timeLimitSeconds: 900, counts: { total: planNodes.length, waiting: count('waiting'), queued: count('queued'), running: count('running'), succeeded: count('succeeded'), failed: 0, cancelled: 0 }, simulated: true, createdAt: secondsAgo(5_400), startedAt: secondsAgo(5_310), finishedAt: null },
  { id: uuid('c', 2, 90_000), version: 44, name: 'Recall readiness', state: 'succeeded', minActive: 2, timeLimitSeconds: 900, counts: { total: 9, waiting: 0, queued: 0, running: 0, succeeded: 9, failed: 0, cancelled: 0 }, simulated: false, createdAt: secondsAgo(90_000), startedAt: secondsAgo(89_800), finishedAt: secondsAgo(81_000) },
  { id: uuid('c', 3, 200_000), version: 18, name: 'Second source for sensors', state: 'failed', minActive: 0, timeLimitSeconds: 1_800, counts: { total: 6, waiting: 2, queued: 0, running: 0, succeeded: 3, failed: 1, cancelled: 0 }, simulated: false, createdAt: secondsAgo(200_000), startedAt: secondsAgo(199_000), finishedAt: secondsAgo(190_000) },
  { id: uuid('c', 4, 260_000), version: 1, name: 'Manuals in eleven languages', state: 'draft', minActive: 4, timeLimitSeconds: 900, counts: { total: 22, waiting: 22, queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 }, simulated: false, createdAt: secondsAgo(260_000), startedAt: null, finishedAt: null },
];

export const plan: Plan = {
  ...(planSummaries[0] as PlanSummary),
  tasks: planNodes,
  successCriteria: [
    { text: 'Scope agreed and written down', met: true, evidence: 'Scope of release 4.2' },
    { text: 'Motor firmware reviewed', met: true, evidence: 'Review motor firmware' },
    { text: 'Every hazard has a test', met: false, evidence: null },
    { text: 'Gait holds on wet concrete', met: false, evidence: null },
    { text: 'Release signed', met: false, evidence: null },
  ],
  findings,
  urgentIssues: findings.filter((finding) => finding.severity === 'urgent'),
  floor: { target: 3, running: 3, runnable: 4, reason: null },
};

function makeBlocks(agent: Agent, index: number): LaneBlock[] {
  const random = createRandom(index * 101 + 7);
  const blocks: LaneBlock[] = [];
  let ago = 1_790;
  for (let number = 0; ago > 60; number += 1) {
    const length = 90 + random() * 240;
    const last = ago - length < 20;
    const state = last ? null : (['succeeded', 'succeeded', 'failed', 'succeeded', 'handed_off', 'succeeded', 'queued'] as const)[Math.floor(random() * 7)];
    if (!state) break;
    blocks.push({ taskId: uuid('3', index * 100 + number, ago), title: titles[Math.floor(random() * titles.length)] ?? '', attempt: 1, state, startedAt: secondsAgo(Math.round(ago)), finishedAt: secondsAgo(Math.round(ago - length)), timeLimitSeconds: 900 });
    ago -= length + 12 + random() * 60;
  }
  if (agent.presence === 'busy') {
    const used = [0.62, 0.31, 0.95, 0.18, 0.47][index % 5] ?? 0.5;
    const free = blocks.filter((block) => Date.parse(block.finishedAt ?? '') < NOW - used * 900_000);
    return [{ taskId: uuid('4', index, used * 900), title: titles[index] ?? '', attempt: 1, state: 'running' as const, startedAt: secondsAgo(Math.round(used * 900)), finishedAt: null, timeLimitSeconds: 900 }, ...free.reverse()];
  }
  return blocks.reverse();
}

const needs: Need[] = [
  { kind: 'finding', at: secondsAgo(120), findingId: findings[0]?.id ?? '', taskId: findings[0]?.taskId ?? '', title: 'Emergency stop is debounced for 400 ms', agentName: 'safety-auditor', simulated: false },
  { kind: 'time_limit', at: secondsAgo(15), taskId: tasks[0]?.id ?? '', title: 'List untested branches of the charging dock', agentName: 'test-engineer', deadline: secondsAhead(45) },
  { kind: 'approval', at: secondsAgo(540), taskId: planNodes[9]?.id ?? '', title: 'Approve the release', planName: 'Release 4.2' },
  { kind: 'error_group', at: secondsAgo(1_440), title: '429 from the provider', fingerprint: '5e543256c480ac577d30f76f9120eb74', count: 3, taskIds: [tasks[4]?.id ?? '', tasks[16]?.id ?? '', tasks[28]?.id ?? ''] },
  { kind: 'agent_offline', at: secondsAgo(2_460), agentId: byName('supply-analyst').id, agentName: 'supply-analyst', queued: 4 },
];

export const overview: Overview = {
  at: new Date(NOW).toISOString(),
  seq: 48_211,
  figures: {
    activeAgents: 5,
    floor: 3,
    tasks: { waiting: 9, queued: 37, running: 5, succeeded: 1_204, failed: 14, cancelled: 6, handed_off: 9 },
    retrying: 3,
    failedLastHour: 2,
    attemptsFailedLastHour: 9,
    waitP95Seconds: 1.8,
    costTodayUsd: '4.12',
    executions: 18_204,
    executionsLimit: 25_000,
    agents: agents.length,
    plansRunning: 1,
    openFindings: 7,
    openReviewItems: 42,
  },
  lanes: agents.map((agent, index) => ({ agent, blocks: makeBlocks(agent, index), queued: (index * 7) % 5, waiting: index % 3 })),
  needs,
  throughput: Array.from({ length: 30 }, (_, index) => {
    const random = createRandom(index + 31);
    return { at: secondsAgo((29 - index) * 60), succeeded: 8 + Math.round(random() * 9 + index / 6), failed: index % 9 === 4 ? 2 : 0 };
  }),
};

export const usage: Usage = {
  period: '2026-11',
  executions: 18_204,
  executionSeconds: 812_332,
  inputTokens: 41_203_112,
  outputTokens: 9_330_870,
  costUsd: '71.48',
  quota: { limit: 25_000, used: 18_204, remaining: 6_796, resetsAt: '2026-12-01T00:00:00Z' },
};

export const workspace: Workspace = {
  id: organization.id,
  version: 6,
  name: organization.name,
  plan: 'professional',
  paused: false,
  pausedAt: null,
  pausedBy: null,
  createdAt: organization.createdAt,
  demo: false,
  keepEventsDays: 30,
  maxRunning: null,
};

export const connections: ConnectionSummary[] = [
  { id: 'computer', kind: 'embedded', name: 'This computer', where: 'this computer', workspace: organization.name, accent: 'indigo', lastUsedAt: new Date(NOW - 60_000).toISOString(), open: true, removable: false },
  { id: 's-1', kind: 'server', name: 'Production', where: 'signalbox.northwind.example', workspace: 'Northwind Depot', accent: 'teal', lastUsedAt: new Date(NOW - 86_400_000).toISOString(), open: true, removable: true },
  { id: 's-2', kind: 'server', name: 'test.northwind.example:8443', where: 'test.northwind.example:8443', workspace: null, accent: null, lastUsedAt: null, open: false, removable: true },
];
