// The report of a plan in Markdown: what was done by whom, what it found, and each task's output.
import type { Finding } from '../../shared/finding.ts';
import type { Plan, PlanNode } from '../../shared/plan.ts';
import { SIMULATOR_NOTICE } from '../../shared/provider.ts';
import type { TaskState } from '../../shared/task.ts';
import { rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { inline, quote, table } from '../platform/markdown.ts';
import { readPlan } from './read.ts';

export interface Handoff {
  key: string;
  /** How many handoffs lie before the task that it went to. */
  number: number;
  at: Date | null;
  agent: string | null;
  notes: string;
}

const NONE = '–';
const states: Record<TaskState, string> = {
  waiting: 'waiting',
  queued: 'queued',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  handed_off: 'handed off',
};

/** `2026-11-03 14:05:09 UTC`. */
function timeOf(at: string | Date | null): string {
  if (at === null) return NONE;
  const iso = typeof at === 'string' ? at : at.toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

export function duration(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Millionths of a dollar, so that a sum of decimals is exact. */
function millionths(amount: string): bigint {
  const [whole = '0', part = ''] = amount.split('.');
  return BigInt(whole) * 1_000_000n + BigInt(part.slice(0, 6).padEnd(6, '0'));
}

function money(amount: bigint): string {
  const part = String(amount % 1_000_000n)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return `$${(amount / 1_000_000n).toString()}.${part}`;
}

function between(from: string | null, to: string | null): string {
  if (from === null || to === null) return NONE;
  return duration((new Date(to).getTime() - new Date(from).getTime()) / 1000);
}

function head(plan: Plan): string[] {
  const { counts, floor } = plan;
  const after = plan.finishedAt ? `, after ${between(plan.startedAt, plan.finishedAt)}` : '';
  const now = floor.reason ? `. ${inline(floor.reason)}` : `; ${floor.running} run`;
  const parts = Object.entries(counts).filter(([name, count]) => name !== 'total' && count > 0);
  const seconds = plan.tasks.reduce((sum, task) => sum + task.executionSeconds, 0);
  const cost = plan.tasks.reduce((sum, task) => sum + millionths(task.costUsd), 0n);
  const met = plan.successCriteria.filter((criterion) => criterion.met).length;
  return [
    `# ${inline(plan.name)}`,
    '',
    ...(plan.simulated
      ? [`> **${SIMULATOR_NOTICE}** This holds for every task below whose agent is marked as simulated.`, '']
      : []),
    `- State: **${plan.state}**`,
    `- Created: ${timeOf(plan.createdAt)}`,
    `- Started: ${timeOf(plan.startedAt)}`,
    `- Finished: ${timeOf(plan.finishedAt)}${after}`,
    `- Tasks: ${counts.total} (${parts.map(([name, count]) => `${count} ${name}`).join(', ')})`,
    `- Floor of active tasks: ${floor.target}${plan.state === 'running' ? now : ''}`,
    `- Success criteria met: ${met} of ${plan.successCriteria.length}`,
    `- Execution time: ${duration(seconds)}; cost: ${money(cost)}`,
    '',
  ];
}

function agentOf(task: Pick<PlanNode, 'agentName' | 'simulated'>): string {
  return `${inline(task.agentName ?? NONE)}${task.simulated ? ' (simulated)' : ''}`;
}

function tasksTable(plan: Plan): string[] {
  const body = plan.tasks.map((task) => [
    inline(task.key),
    inline(task.title),
    agentOf(task),
    states[task.state],
    String(task.attempt),
    String(task.handoffs),
    duration(task.executionSeconds),
    money(millionths(task.costUsd)),
  ]);
  return [
    '## Tasks',
    '',
    ...table(['Key', 'Task', 'Agent', 'State', 'Attempts', 'Handoffs', 'Time', 'Cost'], body),
    '',
  ];
}

function tick(met: boolean, text: string, evidence: string | null): string {
  return `- [${met ? 'x' : ' '}] ${inline(text)}${evidence ? ` (${inline(evidence)})` : ''}`;
}

function criteria(plan: Plan): string[] {
  const own = plan.successCriteria.map(({ met, text, evidence }) =>
    tick(met, text, met ? evidence : 'not met'),
  );
  const carriers = plan.tasks.filter((task) => task.successCriteria.length > 0);
  const byTask = carriers.flatMap((task) => [
    `### ${inline(task.key)}: ${inline(task.title)}`,
    '',
    ...task.successCriteria.map((text) =>
      tick(
        task.state === 'succeeded',
        text,
        task.state === 'succeeded'
          ? `the task succeeded at ${timeOf(task.finishedAt)}`
          : `the task is ${states[task.state]}`,
      ),
    ),
    '',
  ]);
  return ['## Success criteria', '', ...(own.length > 0 ? own : ['The plan names none.']), '', ...byTask];
}

function findingLines(finding: Finding): string[] {
  const who = `${inline(finding.agentName ?? 'unknown')}${finding.simulated ? ' (simulated)' : ''}`;
  const seen =
    finding.severity === 'urgent'
      ? finding.acknowledgedAt
        ? `, seen by a person at ${timeOf(finding.acknowledgedAt)}`
        : ', not yet seen by a person'
      : '';
  const where = `${who}, in “${inline(finding.taskTitle)}”, ${timeOf(finding.createdAt)}${seen}`;
  const line = `- **${finding.severity}**: ${inline(finding.title)} (${where})`;
  const body = finding.body.trim() === '' ? [] : ['', ...quote(finding.body).map((text) => `  ${text}`), ''];
  return [line, ...body];
}

function findings(title: string, found: Finding[]): string[] {
  return [`## ${title}`, '', ...(found.length > 0 ? found.flatMap(findingLines) : ['None.']), ''];
}

function handoffLines(found: Handoff[]): string[] {
  if (found.length === 0) return [];
  const parts = found.flatMap((one) => [
    `### ${inline(one.key)}: handoff ${one.number}`,
    '',
    `${inline(one.agent ?? NONE)}, ${timeOf(one.at)}:`,
    '',
    ...quote(one.notes),
    '',
  ]);
  return ['## Handoffs', '', ...parts];
}

function outputs(plan: Plan): string[] {
  const done = plan.tasks.filter((task) => task.output !== null && task.output.trim() !== '');
  if (done.length === 0) return ['## Outputs', '', 'None yet.', ''];
  const parts = done.flatMap((task) => [
    `### ${inline(task.key)}: ${inline(task.title)}`,
    '',
    ...(task.simulated ? [`*${SIMULATOR_NOTICE}*`, ''] : []),
    ...quote(task.output!),
    '',
  ]);
  return ['## Outputs', '', ...parts];
}

function failures(plan: Plan): string[] {
  const failed = plan.tasks.filter((task) => task.state === 'failed' || task.state === 'cancelled');
  if (failed.length === 0) return [];
  const lines = failed.map(
    (task) =>
      `- ${inline(task.key)} ${states[task.state]}: ${inline(task.error?.message ?? 'no reason was given')}`,
  );
  return ['## Not done', '', ...lines, ''];
}

/** The report of what was read. The same plan gives the same text. */
export function writeReport(plan: Plan, handoffs: Handoff[]): string {
  const rest = plan.findings.filter((finding) => finding.severity !== 'urgent');
  const lines = [
    ...head(plan),
    ...tasksTable(plan),
    ...failures(plan),
    ...criteria(plan),
    ...findings('Urgent issues', plan.urgentIssues),
    ...findings('Findings', rest),
    ...handoffLines(handoffs),
    ...outputs(plan),
  ];
  // What is quoted has a sign on each of its lines: only the report's own empty lines are ever doubled.
  return `${lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

/** Notes that tasks left to their successors, chain by chain. */
async function readHandoffs(tx: TenantTransaction, planId: string): Promise<Handoff[]> {
  const found = await rows(
    tx.db,
    sql<Handoff>`
    select t.plan_key as key, t.handoffs as number, o.finished_at as at, a.name as agent,
      coalesce(left(t.handoff_notes, 20000), '') as notes
    from tasks t join tasks o on o.id = t.handoff_from left join agents a on a.id = o.claimed_by
    where t.plan_id = ${planId} and t.handoff_from is not null order by t.plan_key, t.handoffs limit 1000`,
  );
  return found;
}

export async function readReport(tx: TenantTransaction, id: string): Promise<string> {
  const plan = await readPlan(tx, id);
  return writeReport(plan, await readHandoffs(tx, id));
}
