// The places of a plan's nodes: nothing lies on anything else, and work flows to the right.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plan } from '../stories/fixtures.ts';
import {
  depthsOf,
  layoutGraph,
  moveInGraph,
  NODE_HEIGHT,
  NODE_WIDTH,
  structureOf,
  type GraphTask,
} from './graphLayout.ts';

function expectClear(tasks: readonly GraphTask[]): void {
  const places = layoutGraph(tasks);
  expect([...places.keys()].sort()).toEqual(tasks.map(({ key }) => key).sort());
  const all = [...places.values()];
  for (const [index, a] of all.entries()) {
    for (const b of all.slice(index + 1)) {
      const apart = Math.abs(a.x - b.x) >= NODE_WIDTH || Math.abs(a.y - b.y) >= NODE_HEIGHT;
      if (!apart) throw new Error(`Nodes overlap: ${JSON.stringify([a, b])}`);
    }
  }
  for (const { key, dependsOn } of tasks) {
    for (const from of dependsOn) {
      if (places.has(from)) expect(places.get(from)?.x).toBeLessThan(places.get(key)?.x ?? 0);
    }
  }
}

/** Tasks that depend on earlier ones alone. */
const graphs = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { maxLength: 40 })
  .map((rows) =>
    rows.map((row, index): GraphTask => ({
      key: `t${index}`,
      dependsOn: index === 0 ? [] : [...new Set(row.map((one) => `t${one % index}`))],
    })),
  );
const wide = (count: number): GraphTask[] =>
  Array.from({ length: count }, (_, index) => ({
    key: `n${index}`,
    dependsOn: index < 25 ? [] : [`n${index - 25}`, `n${index - 25 + (index % 3)}`],
  }));

describe('the layout', () => {
  test('keeps nodes apart and flows to the right, for any graph', () => {
    fc.assert(fc.property(graphs, expectClear), { numRuns: 60 });
  });
  test('does so for a plan of the fixtures, for 200 nodes and for more than dagre is given', () => {
    expectClear(plan.tasks);
    expectClear(wide(200));
    expectClear(wide(1_200));
  });
  test('puts tasks that nothing joins into a block', () => {
    const loose = Array.from({ length: 120 }, (_, index) => ({ key: `l${index}`, dependsOn: [] }));
    expectClear(loose);
    const height = Math.max(...[...layoutGraph(loose).values()].map(({ y }) => y));
    expect(height).toBeLessThan(30 * NODE_HEIGHT);
  });
  test('leaves out dependencies on what is not there, and survives a circle', () => {
    expectClear([{ key: 'a', dependsOn: ['gone'] }]);
    expect(
      depthsOf([
        { key: 'a', dependsOn: ['b'] },
        { key: 'b', dependsOn: ['a'] },
      ]).size,
    ).toBe(2);
    expect(layoutGraph([])).toEqual(new Map());
  });
  test('is that of the structure: states change nothing', () => {
    const running = plan.tasks.map((node) => ({ ...node, state: 'succeeded' as const }));
    expect(structureOf(running)).toBe(structureOf(plan.tasks));
    expect(structureOf([{ key: 'a,b', dependsOn: [] }])).not.toBe(
      structureOf([{ key: 'a', dependsOn: ['b'] }]),
    );
  });
});

test('the depth is the longest way', () => {
  const depths = depthsOf([
    { key: 'd', dependsOn: ['a', 'c'] },
    { key: 'a', dependsOn: [] },
    { key: 'b', dependsOn: ['a'] },
    { key: 'c', dependsOn: ['b'] },
  ]);
  expect(Object.fromEntries(depths)).toEqual({ a: 0, b: 1, c: 2, d: 3 });
});

test('arrow keys follow dependencies, and the column', () => {
  const graph = { tasks: plan.tasks, places: layoutGraph(plan.tasks) };
  expect(moveInGraph('ArrowRight', 'gate', graph)).toBe('sign');
  expect(moveInGraph('ArrowLeft', 'sign', graph)).toBe('gate');
  expect(moveInGraph('ArrowLeft', 'scope', graph)).toBeNull();
  expect(moveInGraph('Enter', 'scope', graph)).toBeNull();
  const below = moveInGraph('ArrowDown', 'fleet', graph);
  expect(below === null ? null : moveInGraph('ArrowUp', below, graph)).toBe(below === null ? null : 'fleet');
});
