// From the start of the process to the first rows of a known workspace on the screen, beside a blank window of the
// same Electron in the same run; and what both hold and use when they have been left alone.
//   npm run bench -- start [launches]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Figure, Range } from './run.ts';
import { launch, type Application } from './start/launch.ts';
import { prepareWorkspace } from './start/prepare.ts';
import { takenBy, type Taken } from './start/processes.ts';

const LAUNCHES = 10;
/** What a window shows is kept for its next start two seconds after it is live. */
const KEPT_WITHIN_MS = 6_000;
const IDLE_MS = 15_000;
const BUSY_MS = 10_000;

type Reached = Record<string, number>;

export async function measure([launches]: string[]): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const console: Application = {
    folder: resolve(import.meta.dirname, '..'),
    userData: join(folder, 'console'),
    wanted: ['painted', 'rows', 'usable', 'live'],
  };
  const blank: Application = {
    folder: join(import.meta.dirname, 'start/blank'),
    userData: join(folder, 'blank'),
    wanted: ['painted'],
  };
  try {
    await prepareWorkspace(console.userData);
    // Not counted: caches of the system and of the browser are filled, as on every start but the first.
    await once(console, KEPT_WITHIN_MS);
    await once(blank);
    const ours: Reached[] = [];
    const reference: Reached[] = [];
    // Interleaved, so that a slow moment of the machine hits both.
    for (let round = 0; round < Number(launches ?? LAUNCHES); round += 1) {
      ours.push(await once(console));
      reference.push(await once(blank));
    }
    return [...timeFigures(ours, reference), ...idleFigures(await idle(console), await idle(blank))];
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function once(application: Application, stayMs = 0): Promise<Reached> {
  const { reached, quit } = await launch(application);
  await pause(stayMs);
  await quit();
  return onScreen(reached);
}

/** What is painted while the window is not shown yet is on the screen from then on. */
function onScreen(reached: Reached): Reached {
  const shown = reached.shown ?? 0;
  const seen = ['painted', 'rows', 'usable', 'live'].flatMap((name): [string, number][] => {
    const time = reached[name];
    return time === undefined ? [] : [[name, Math.max(time, shown)]];
  });
  return { ...reached, ...Object.fromEntries(seen) };
}

function timeFigures(ours: Reached[], reference: Reached[]): Figure[] {
  const named = (key: string, of: Reached[]): number[] => of.map((reached) => reached[key] ?? Number.NaN);
  const blank = named('painted', reference);
  const against = (name: string, key: string): Figure => {
    const own = named(key, ours);
    const pairs = own.map((time, round) => time / (blank[round] ?? Number.NaN));
    return {
      name,
      ours: median(own),
      reference: median(blank),
      unit: 'ms',
      ratio: median(own) / median(blank),
      spread: { ours: rangeOf(own), reference: rangeOf(blank), ratio: rangeOf(pairs) },
    };
  };
  const stage = (name: string, key: string): Figure => ({
    name,
    ours: median(named(key, ours)),
    reference: median(named(key, reference)),
    unit: 'ms',
    ratio: median(named(key, ours)) / median(named(key, reference)),
    spread: { ours: rangeOf(named(key, ours)), reference: rangeOf(named(key, reference)), ratio: null },
  });
  return [
    against('first rows', 'rows'),
    against('window painted', 'painted'),
    against('usable', 'usable'),
    against('live', 'live'),
    stage('stage: main begins', 'main'),
    stage('stage: electron ready', 'ready'),
    stage('stage: window made', 'window'),
    stage('stage: window shown', 'shown'),
    stage('stage: page loaded', 'loaded'),
  ];
}

interface Idle extends Taken {
  /** Processor time over the seconds of watching, in percent of one core. */
  processorPercent: number;
  backendPercent: number;
}

async function idle(application: Application): Promise<Idle> {
  const { pid, quit } = await launch(application);
  try {
    await pause(IDLE_MS);
    const before = takenBy(pid);
    await pause(BUSY_MS);
    const after = takenBy(pid);
    const percent = (key: 'processorSeconds' | 'backendSeconds'): number =>
      ((after[key] - before[key]) / (BUSY_MS / 1_000)) * 100;
    return { ...after, processorPercent: percent('processorSeconds'), backendPercent: percent('backendSeconds') };
  } finally {
    await quit();
  }
}

function idleFigures(ours: Idle, blank: Idle): Figure[] {
  const figure = (name: string, unit: string, key: keyof Idle): Figure => ({
    name,
    ours: ours[key],
    reference: blank[key],
    unit,
    ratio: blank[key] === 0 ? null : ours[key] / blank[key],
  });
  const alone = (name: string, unit: string, key: keyof Idle): Figure => ({
    ...figure(name, unit, key),
    reference: null,
    ratio: null,
  });
  return [
    figure('idle memory (PSS)', 'MB', 'memoryMb'),
    alone('idle memory of the backend', 'MB', 'backendMb'),
    figure('idle processor', '% of a core', 'processorPercent'),
    alone('idle processor of the backend', '% of a core', 'backendPercent'),
    figure('processes', '', 'processes'),
  ];
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1 + (sorted.length % 2)], sorted[middle]];
  return (low + high) / 2;
}

const rangeOf = (values: number[]): Range => [Math.min(...values), Math.max(...values)];
