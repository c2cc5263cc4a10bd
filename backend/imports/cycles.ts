// A plan's graph has no way back: drops what closes a cycle, what points at itself and what is said twice.

export interface GraphTask {
  key: string;
  dependsOn: string[];
}

/** The cycle that an edge closed, from the task back to itself; one name alone depends on itself. */
export type OnDropped = (cycle: string[], edge: { task: string; on: string }) => void;

/** Iterative depth-first search in the order of the tasks; each edge back into its own path is dropped. */
export function withoutCycles<Task extends GraphTask>(tasks: readonly Task[], onDropped: OnDropped): Task[] {
  const dependents = new Map<string, string[]>(tasks.map(({ key }) => [key, []]));
  const dropped = new Map<string, Set<string>>();
  const drop = (cycle: string[], task: string, on: string) => {
    const edges = dropped.get(task) ?? new Set<string>();
    dropped.set(task, edges.add(on));
    onDropped(cycle, { task, on });
  };
  for (const { key, dependsOn } of tasks) {
    for (const on of new Set(dependsOn)) {
      if (on === key) drop([key], key, key);
      else dependents.get(on)?.push(key);
    }
  }
  const done = new Set<string>();
  for (const { key } of tasks) visit(key, { dependents, done, drop });
  return tasks.map((task) => {
    const edges = dropped.get(task.key);
    return { ...task, dependsOn: [...new Set(task.dependsOn)].filter((on) => edges?.has(on) !== true) };
  });
}

interface Search {
  dependents: Map<string, string[]>;
  done: Set<string>;
  drop: (cycle: string[], task: string, on: string) => void;
}

function visit(start: string, { dependents, done, drop }: Search): void {
  if (done.has(start)) return;
  const path: { key: string; next: number }[] = [{ key: start, next: 0 }];
  const onPath = new Map<string, number>([[start, 0]]);
  while (path.length > 0) {
    const top = path.at(-1)!;
    const target = dependents.get(top.key)?.[top.next];
    if (target === undefined) {
      done.add(top.key);
      onPath.delete(top.key);
      path.pop();
      continue;
    }
    top.next += 1;
    const place = onPath.get(target);
    if (place !== undefined) drop([...path.slice(place).map(({ key }) => key), target], target, top.key);
    else if (!done.has(target)) {
      onPath.set(target, path.length);
      path.push({ key: target, next: 0 });
    }
  }
}

/** `a → b → c → a`; a long cycle is shortened in the middle. */
export function cycleText(cycle: readonly string[]): string {
  const shown =
    cycle.length > 8 ? [...cycle.slice(0, 5), `… ${cycle.length - 7} more …`, ...cycle.slice(-2)] : cycle;
  return shown.join(' → ');
}
