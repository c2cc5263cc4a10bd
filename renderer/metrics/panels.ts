// What the screen draws: one chart for each question of whoever keeps the fleet running, in the order of asking.
import { formatCount, formatDuration } from '../components/format.ts';
import { chartColor, formatShort, formatShortSeconds, type ChartUnit } from '../components/chart/index.ts';
import type { TaskState } from '../../shared/task.ts';
import type { Figure } from './points.ts';

export interface Line {
  figure: Figure;
  label: string;
  color: string;
  dash?: string;
  /** The tasks behind a point of it: by what attempts did in its time, or by the state that they are in now. */
  tasks?: { ended: string } | { started: true } | { state: TaskState };
}
export interface Panel {
  id: string;
  title: string;
  /** What the figures mean, for the tooltip of the title. */
  about: string;
  unit: ChartUnit;
  lines: readonly Line[];
  /** Of the node that answers, not of the workspace. */
  node?: boolean;
  /** Stands where there is no value although it was measured: there was nothing of which to measure it. */
  none?: string;
  /** The figure that stands large at the top. */
  main: Figure;
  mainWords: string;
}

const count: ChartUnit = { format: (value) => formatCount(Math.round(value * 10) / 10), short: formatShort, whole: true };
const aMinute: ChartUnit = { format: (value) => `${formatCount(Math.round(value * 10) / 10)} / min`, short: formatShort };
const seconds: ChartUnit = { format: (value) => (value < 1 ? formatShortSeconds(value) : formatDuration(value)), short: formatShortSeconds, seconds: true };
const milliseconds: ChartUnit = { format: (value) => formatShortSeconds(value / 1_000), short: (value) => formatShortSeconds(value / 1_000) };
const share: ChartUnit = { format: percent, short: percent };
const megabytes: ChartUnit = { format: (value) => `${formatCount(Math.round(value))} MB`, short: (value) => (value < 1_000 ? `${formatShort(value)} MB` : `${formatShort(value / 1_000)} GB`) };

function percent(value: number): string {
  return `${Number((value * 100).toPrecision(value < 0.1 ? 2 : 3))}%`;
}

/** Three lines of one measure: the middle, and the slow ones, further from the ground the slower. */
function percentiles(of: 'wait' | 'run' | 'query', tasks?: Line['tasks']): Line[] {
  return (['P50', 'P95', 'P99'] as const).map((name, index) => ({
    figure: `${of}${name}` as const,
    label: name.toLowerCase(),
    color: chartColor([0, 1, 3][index] ?? 0),
    ...(index === 2 && { dash: '4 3' }),
    ...(tasks && { tasks }),
  }));
}

export const panels: readonly Panel[] = [
  {
    id: 'queue',
    title: 'Queue',
    about: 'Tasks that could run or do run, at each moment.',
    unit: count,
    main: 'queued',
    mainWords: 'queued',
    lines: [
      { figure: 'running', label: 'running', color: 'var(--run)', tasks: { state: 'running' } },
      { figure: 'fresh', label: 'queued', color: 'var(--wait)', tasks: { state: 'queued' } },
      { figure: 'retrying', label: 'retrying', color: 'var(--retry)', dash: '4 3', tasks: { state: 'queued' } },
    ],
  },
  {
    id: 'throughput',
    title: 'Throughput',
    about: 'Attempts that ended a minute, by how they ended.',
    unit: aMinute,
    main: 'succeeded',
    mainWords: 'succeeded / min',
    lines: [
      { figure: 'succeeded', label: 'succeeded', color: 'var(--ok)', tasks: { ended: 'succeeded' } },
      { figure: 'failed', label: 'failed', color: 'var(--fail)', dash: '5 3', tasks: { ended: 'failed,lease_expired' } },
      { figure: 'retried', label: 'retried', color: 'var(--retry)', dash: '2 3', tasks: { ended: 'failed,lease_expired' } },
      { figure: 'handedOff', label: 'handed off', color: 'var(--hand)', dash: '8 3', tasks: { ended: 'handed_off' } },
    ],
  },
  {
    id: 'wait',
    title: 'Wait',
    about: 'From queued to begun, of the attempts that began. p95: 95 of 100 waited no longer. Within 5%.',
    unit: seconds,
    main: 'waitP95',
    mainWords: 'p95',
    none: 'No attempt began in this time.',
    lines: percentiles('wait', { started: true }),
  },
  {
    id: 'run',
    title: 'Run time',
    about: 'From begun to ended, of the attempts that ended. p95: 95 of 100 took no longer. Within 5%.',
    unit: seconds,
    main: 'runP95',
    mainWords: 'p95',
    none: 'No attempt ended in this time.',
    lines: percentiles('run', { ended: 'succeeded,failed,lease_expired,handed_off' }),
  },
  {
    id: 'errors',
    title: 'Error rate',
    about: 'Of the attempts that ended, how many failed, whether they are tried again or not.',
    unit: share,
    main: 'errorRate',
    mainWords: 'of attempts',
    none: 'No attempt ended in this time.',
    lines: [{ figure: 'errorRate', label: 'failed', color: 'var(--fail)', tasks: { ended: 'failed,lease_expired' } }],
  },
  {
    id: 'agents',
    title: 'Agents',
    about: 'Agents by presence. An external agent is offline after a minute of silence, a hosted one without a provider.',
    unit: count,
    main: 'busy',
    mainWords: 'busy',
    lines: [
      { figure: 'busy', label: 'busy', color: 'var(--run)' },
      { figure: 'idle', label: 'idle', color: 'var(--ok)' },
      { figure: 'offline', label: 'offline', color: 'var(--wait)', dash: '4 3' },
    ],
  },
  {
    id: 'waiting',
    title: 'Held back',
    about: 'Tasks that wait for another task, for a person, or for their plan to start.',
    unit: count,
    main: 'waiting',
    mainWords: 'tasks',
    lines: [{ figure: 'waiting', label: 'waiting', color: 'var(--wait)', tasks: { state: 'waiting' } }],
  },
  {
    id: 'database',
    title: 'Database',
    about: 'How long database statements took on this node. p95: 95 of 100 took no longer. Within 5%.',
    unit: milliseconds,
    node: true,
    main: 'queryP95',
    mainWords: 'p95',
    lines: percentiles('query'),
  },
  {
    id: 'connections',
    title: 'Database connections',
    about: 'Connections of this node that are in use, and requests that wait for one.',
    unit: count,
    node: true,
    main: 'connections',
    mainWords: 'in use',
    lines: [
      { figure: 'connections', label: 'in use', color: chartColor(0) },
      { figure: 'connectionsWaiting', label: 'waiting', color: 'var(--retry)', dash: '4 3' },
    ],
  },
  {
    id: 'lag',
    title: 'Event lag',
    about: 'From the commit of a change until this node sent it to the windows, the slowest of its time.',
    unit: milliseconds,
    node: true,
    main: 'eventLagMs',
    mainWords: 'slowest',
    none: 'No change was sent in this time.',
    lines: [{ figure: 'eventLagMs', label: 'slowest', color: chartColor(0) }],
  },
  {
    id: 'sockets',
    title: 'Live connections',
    about: 'Windows and programs that follow the live stream of this node.',
    unit: count,
    node: true,
    main: 'sockets',
    mainWords: 'open',
    lines: [{ figure: 'sockets', label: 'open', color: chartColor(2) }],
  },
  {
    id: 'memory',
    title: 'Memory',
    about: 'Main memory that this node’s process holds.',
    unit: megabytes,
    node: true,
    main: 'memoryMb',
    mainWords: 'held',
    lines: [{ figure: 'memoryMb', label: 'held', color: chartColor(5) }],
  },
];
