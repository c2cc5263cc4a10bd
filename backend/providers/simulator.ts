// The simulator: a provider behind which no model runs. Its durations, findings, failures and overruns are drawn
// from a seed, so that the same seed and task give the same outcome; everything it writes says what it is.
import { createHash } from 'node:crypto';
import { simulatorSettings, type SimulatorSettings } from '../../shared/provider.ts';
import type { Severity } from '../../shared/finding.ts';
import { pause } from '../platform/clock.ts';
import type { AttemptResult, AttemptRun, Provider } from './provider.ts';

/** A stream of numbers in [0, 1) that the text alone decides (mulberry32 over its SHA-256). */
export function seededRandom(text: string): () => number {
  let state = createHash('sha256').update(text).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface SimulatedCourse {
  seconds: number;
  ending: 'completed' | 'failed' | 'overrun';
  findings: { after: number; title: string; body: string; severity: Severity }[];
  inputTokens: number;
  outputTokens: number;
}

const topics = [
  ['The result depends on a default that nobody wrote down', 'warning'],
  ['Two sources disagree on the same figure', 'warning'],
  ['A check that is described is not run', 'urgent'],
  ['The work is smaller than planned', 'info'],
  ['A later step can start from this result as it is', 'info'],
  ['A limit is close to being reached', 'warning'],
] as const satisfies (readonly [string, Severity])[];

/** What an attempt will do; drawn once, from the seed, the task's name in its plan and the attempt. */
export function drawCourse(settings: SimulatorSettings, run: Pick<AttemptRun, 'task' | 'attempt'>): SimulatedCourse {
  const { task, attempt } = run;
  const random = seededRandom(`${settings.seed}:${task.planKey ?? task.title}:${attempt}:${task.handoffs}`);
  // From a third to three times the typical duration, evenly on a logarithmic scale.
  const seconds = settings.typicalSeconds * 3 ** (random() * 2 - 1);
  const roll = random();
  const ending = roll < settings.failureRate ? 'failed' : roll < settings.failureRate + settings.overrunRate ? 'overrun' : 'completed';
  const count = Math.floor(random() * 2.4);
  const findings = Array.from({ length: count }, (_, index) => {
    const [title, severity] = topics[Math.floor(random() * topics.length)]!;
    return { after: (index + 1) / (count + 1), title, body: `Found while working on “${task.title}”. Simulated: made up, no model ran.`, severity };
  });
  return { seconds, ending, findings, inputTokens: Math.round(500 + random() * 4_000), outputTokens: Math.round(100 + random() * 1_500) };
}

function outputOf(run: AttemptRun, course: SimulatedCourse): string {
  const { task } = run;
  const criteria = task.successCriteria.map((criterion) => `- ${criterion}`);
  const shared = task.sharedFindings.map((finding) => `- ${finding.severity}: ${finding.title} (${finding.agentName ?? 'unknown'})`);
  return [
    `# ${task.title}`,
    '',
    '> **Simulated.** No model ran. This text was made up by the simulator.',
    '',
    ...(task.handoff ? ['Continued from handoff notes of the task before.', ''] : []),
    `Worked for ${course.seconds.toFixed(1)} s as ${run.agent.name}.`,
    '',
    ...(criteria.length > 0 ? ['## Criteria looked at', '', ...criteria, ''] : []),
    ...(shared.length > 0 ? ['## Findings of others taken in', '', ...shared, ''] : []),
  ].join('\n');
}

async function runSimulated(run: AttemptRun): Promise<AttemptResult> {
  const settings = simulatorSettings.parse(run.account.settings);
  const course = drawCourse(settings, run);
  const overrun = course.ending === 'overrun';
  const steps = 5;
  const findings = [...course.findings];
  // An overrun works on until its limit; a failure breaks off halfway.
  const seconds = overrun ? Math.min(run.task.timeLimitSeconds, settings.typicalSeconds * 6) : course.seconds;
  const full = { inputTokens: course.inputTokens, outputTokens: course.outputTokens };
  const cost = (settings.costUsd ?? 0) * (seconds / settings.typicalSeconds);
  const usedAfter = (step: number) => ({ ...full, costUsd: ((cost * step) / steps).toFixed(6) });
  const usage = usedAfter(steps);
  for (let step = 1; step <= steps; step += 1) {
    await pause((seconds / steps) * 1000, run.signal);
    run.signal.throwIfAborted();
    if (course.ending === 'failed' && step === 3) {
      return { kind: 'failed', error: 'Simulated failure: the made-up tool did not answer.', retryable: true, usage: usedAfter(step) };
    }
    if (step === steps) break;
    // Without a cost there is nothing that a budget could meter.
    if (cost > 0) await run.report.usage(usedAfter(step));
    run.signal.throwIfAborted();
    const percent = Math.round((step / steps) * (overrun ? 60 : 100));
    await run.report.progress({ percent, message: `Step ${step} of ${steps} (simulated)` });
    while (findings[0] && findings[0].after <= step / steps) {
      const { title, body, severity } = findings.shift()!;
      await run.report.finding({ title, body, severity });
    }
  }
  for (const { title, body, severity } of findings) await run.report.finding({ title, body, severity });
  if (overrun) {
    return { kind: 'handed_off', notes: 'Simulated overrun: about 60 % was done when the time was used up. Continue from the findings.', usage };
  }
  return { kind: 'completed', output: outputOf(run, course), usage };
}

export function createSimulator(): Provider {
  return { run: runSimulated };
}
