// Where the nodes of a plan stand, from left to right. Computed once for a structure, so that nothing moves while it runs.
import { Graph, layout } from '@dagrejs/dagre';

export interface GraphTask {
  key: string;
  dependsOn: readonly string[];
}
export interface Point {
  x: number;
  y: number;
}

export const NODE_WIDTH = 216;
export const NODE_HEIGHT = 96;
const COLUMN_GAP = 64;
const ROW_GAP = 22;
/** Above this dagre takes seconds; there columns by depth do. */
const MOST_FOR_DAGRE = 500;

/** The same for the same tasks and dependencies, whatever their states. */
export function structureOf(tasks: readonly GraphTask[]): string {
  return JSON.stringify(tasks.map(({ key, dependsOn }) => [key, dependsOn]));
}

/** The upper left corner of each node, by its key. */
export function layoutGraph(tasks: readonly GraphTask[]): Map<string, Point> {
  const known = new Set(tasks.map(({ key }) => key));
  const needed = new Set(tasks.flatMap(({ dependsOn }) => dependsOn.filter((key) => known.has(key))));
  const loose = tasks.filter(
    ({ key, dependsOn }) => !needed.has(key) && !dependsOn.some((one) => known.has(one)),
  );
  const joined = tasks.filter((task) => !loose.includes(task));
  const places = joined.length > MOST_FOR_DAGRE ? layoutByDepth(joined) : layoutByDagre(joined);
  placeLoose(loose, places);
  return places;
}

function layoutByDagre(tasks: readonly GraphTask[]): Map<string, Point> {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: ROW_GAP, ranksep: COLUMN_GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { key } of tasks) graph.setNode(key, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const { key, dependsOn } of tasks) {
    for (const from of dependsOn) if (graph.hasNode(from)) graph.setEdge(from, key);
  }
  if (tasks.length > 0) layout(graph);
  return new Map(
    tasks.map(({ key }) => {
      const { x = 0, y = 0 } = graph.node(key) as Partial<Point>;
      return [key, { x: Math.round(x - NODE_WIDTH / 2), y: Math.round(y - NODE_HEIGHT / 2) }];
    }),
  );
}

/** A column for each depth, in it the order of what each depends on. */
function layoutByDepth(tasks: readonly GraphTask[]): Map<string, Point> {
  const depths = depthsOf(tasks);
  const rows = new Map<string, number>();
  const columns: GraphTask[][] = [];
  for (const task of tasks) (columns[depths.get(task.key) ?? 0] ??= []).push(task);
  const places = new Map<string, Point>();
  columns.forEach((column, depth) => {
    const weight = ({ dependsOn }: GraphTask): number => {
      const own = dependsOn.map((key) => rows.get(key)).filter((row) => row !== undefined);
      return own.length === 0 ? 0 : own.reduce((sum, row) => sum + row, 0) / own.length;
    };
    const weights = new Map(column.map((task) => [task, weight(task)]));
    const sorted = [...column].sort((a, b) => (weights.get(a) ?? 0) - (weights.get(b) ?? 0));
    sorted.forEach(({ key }, row) => {
      rows.set(key, row);
      places.set(key, { x: depth * (NODE_WIDTH + COLUMN_GAP), y: row * (NODE_HEIGHT + ROW_GAP) });
    });
  });
  return places;
}

/** The longest way from a task that depends on nothing; a circle, which no created plan has, ends at its first repeat. */
export function depthsOf(tasks: readonly GraphTask[]): Map<string, number> {
  const byKey = new Map(tasks.map((task) => [task.key, task]));
  const depths = new Map<string, number>();
  for (const { key } of tasks) {
    const stack = [key];
    const open = new Set<string>();
    while (stack.length > 0) {
      const top = stack[stack.length - 1] as string;
      const before = (byKey.get(top)?.dependsOn ?? []).filter((one) => byKey.has(one));
      const missing = before.find((one) => !depths.has(one) && !open.has(one));
      if (missing !== undefined && !depths.has(top)) {
        open.add(top);
        stack.push(missing);
        continue;
      }
      if (!depths.has(top))
        depths.set(
          top,
          before.reduce((most, one) => Math.max(most, (depths.get(one) ?? -1) + 1), 0),
        );
      stack.pop();
    }
  }
  return depths;
}

/** Tasks that nothing joins stand below as a block, not as one endless column. */
function placeLoose(loose: readonly GraphTask[], places: Map<string, Point>): void {
  const bottom =
    places.size === 0 ? 0 : Math.max(...[...places.values()].map(({ y }) => y)) + NODE_HEIGHT + ROW_GAP * 2;
  const columns =
    loose.length <= 5 && places.size === 0 ? 1 : Math.max(1, Math.ceil(Math.sqrt(loose.length / 1.6)));
  const rows = Math.ceil(loose.length / columns);
  loose.forEach(({ key }, index) => {
    places.set(key, {
      x: Math.floor(index / rows) * (NODE_WIDTH + ROW_GAP * 2),
      y: bottom + (index % rows) * (NODE_HEIGHT + ROW_GAP),
    });
  });
}

/** Where an arrow key leads: along a dependency, or to the nearest node above or below in the column. */
export function moveInGraph(
  key: string,
  from: string,
  graph: { tasks: readonly GraphTask[]; places: ReadonlyMap<string, Point> },
): string | null {
  const { tasks, places } = graph;
  const at = places.get(from);
  const task = tasks.find((one) => one.key === from);
  if (!at || !task) return null;
  const nearest = (keys: readonly string[]): string | null =>
    keys
      .filter((one) => places.has(one))
      .sort((a, b) => distance(places.get(a), at) - distance(places.get(b), at))[0] ?? null;
  switch (key) {
    case 'ArrowLeft':
      return nearest(task.dependsOn);
    case 'ArrowRight':
      return nearest(tasks.filter(({ dependsOn }) => dependsOn.includes(from)).map((one) => one.key));
    case 'ArrowUp':
      return nearest(column(places, at, (y) => y < at.y));
    case 'ArrowDown':
      return nearest(column(places, at, (y) => y > at.y));
    default:
      return null;
  }
}

const column = (places: ReadonlyMap<string, Point>, at: Point, side: (y: number) => boolean): string[] =>
  [...places].filter(([, { x, y }]) => Math.abs(x - at.x) < NODE_WIDTH && side(y)).map(([key]) => key);
const distance = (point: Point | undefined, at: Point): number =>
  point ? Math.abs(point.y - at.y) + Math.abs(point.x - at.x) / 10 : Number.POSITIVE_INFINITY;
