// What the processes of an application take, from /proc: memory as each one's proportional share, and processor time.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const TICKS_A_SECOND = 100;

export interface Taken {
  /** Of the application, in MB of 1,000,000 bytes, without the backend. */
  memoryMb: number;
  /** Of the embedded backend with its database. */
  backendMb: number;
  processes: number;
  /** Seconds of processor time so far, of the application and of the backend. */
  processorSeconds: number;
  backendSeconds: number;
}

/** Sums over the process and all below it. Shared pages count to each by its share, so the sum is what is really held. */
export function takenBy(pid: number): Taken {
  const taken: Taken = { memoryMb: 0, backendMb: 0, processes: 0, processorSeconds: 0, backendSeconds: 0 };
  for (const one of treeOf(pid)) {
    const backend = isBackend(one);
    const memory = proportionalBytes(one) / 1e6;
    const seconds = processorSeconds(one);
    taken.processes += 1;
    taken[backend ? 'backendMb' : 'memoryMb'] += memory;
    taken[backend ? 'backendSeconds' : 'processorSeconds'] += seconds;
  }
  return taken;
}

/** Node's service: the only utility process of ours that runs JavaScript. */
function isBackend(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('node.mojom.NodeService');
}

function treeOf(root: number): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || !existsSync(`/proc/${name}/stat`)) continue;
    const parent = Number(statOf(Number(name))[1]);
    parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const below = (pid: number): number[] => [pid, ...(parents.get(pid) ?? []).flatMap(below)];
  return below(root);
}

/** The fields of /proc/<pid>/stat after the name, which may hold anything; from the state on. */
function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

function processorSeconds(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_A_SECOND;
}

function proportionalBytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1_024;
}
