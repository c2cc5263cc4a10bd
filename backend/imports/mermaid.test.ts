// Mermaid flowcharts: shapes, chains, groups and labels, and what is not read is said.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFlowchart, readMermaid } from './mermaid.ts';

function read(...lines: string[]) {
  const diagram = readMermaid(['graph TD', ...lines].join('\n'), 10);
  return {
    edges: diagram.edges.map(({ from, to }) => `${from}>${to}`),
    labels: Object.fromEntries([...diagram.nodes.values()].map(({ id, label }) => [id, label])),
    problems: diagram.problems,
    nodes: diagram.nodes,
  };
}

describe('nodes', () => {
  it.each([
    ['a[one two]', 'one two'],
    ['a(one two)', 'one two'],
    ['a([one two])', 'one two'],
    ['a[[one two]]', 'one two'],
    ['a[(one two)]', 'one two'],
    ['a((one two))', 'one two'],
    ['a(((one two)))', 'one two'],
    ['a{one two}', 'one two'],
    ['a{{one two}}', 'one two'],
    ['a[/one two/]', 'one two'],
    ['a[\\one two/]', 'one two'],
    ['a>one two]', 'one two'],
    ['a["one (two)"]', 'one (two)'],
    ['a["**one**<br/>details"]', 'one'],
    ['a@{ shape: rect, label: "one two" }', 'one two'],
    ['a[one two]:::big', 'one two'],
    ['a', 'a'],
  ])('%s', (statement, label) => {
    const { labels, problems } = read(statement);
    expect(labels).toEqual({ a: label });
    expect(problems).toEqual([]);
  });

  it('are named once and meant again, with the line where they are named', () => {
    const { labels, edges, nodes } = read('a --> b', 'a[first] --> c', 'b[second]');
    expect(labels).toEqual({ a: 'first', b: 'second', c: 'c' });
    expect(edges).toEqual(['a>b', 'a>c']);
    expect(nodes.get('c')?.line).toBe(13);
  });
});

describe('edges', () => {
  it.each([
    ['a-->b', ['a>b']],
    ['a ----> b', ['a>b']],
    ['a -.-> b', ['a>b']],
    ['a ==> b', ['a>b']],
    ['a --x b', ['a>b']],
    ['a --o b', ['a>b']],
    ['a -->|with words| b', ['a>b']],
    ['a -- with words --> b', ['a>b']],
    ['a -. with words .-> b', ['a>b']],
    ['a == with words ==> b', ['a>b']],
    ['a e1@--> b', ['a>b']],
    ['a --> b --> c', ['a>b', 'b>c']],
    ['a & b --> c & d', ['a>c', 'a>d', 'b>c', 'b>d']],
    ['a[x; y] --> b; b --> c;', ['a>b', 'b>c']],
    ['my-node --> your.node', ['my-node>your.node']],
    ['a ~~~ b', []],
  ])('%s', (statement, edges) => {
    const found = read(statement);
    expect(found.edges).toEqual(edges);
    expect(found.problems).toEqual([]);
  });

  it('at a subgraph are edges at its members', () => {
    const { edges, labels } = read(
      'subgraph one [First wave]',
      'a & b',
      'end',
      'subgraph Two',
      'c',
      'end',
      'one --> Two --> d',
    );
    expect(edges).toEqual(['a>c', 'b>c', 'c>d']);
    expect(Object.keys(labels)).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('the rest', () => {
  it('is left out where it only dresses the graph', () => {
    const { labels, problems } = read(
      '%% a comment',
      'classDef x fill:#f00',
      'class a x',
      'style a fill:#fff',
      'linkStyle 0 stroke:red',
      'click a "http://x.test"',
      'direction LR',
      '',
      'a',
    );
    expect(labels).toEqual({ a: 'a' });
    expect(problems).toEqual([]);
  });

  it('is reported by line where it is not understood', () => {
    const { problems } = read('a --> b', '??? what', 'a --- b', 'a <--> b', 'a -->');
    expect(problems.map(({ line }) => line)).toEqual([13, 14, 15, 16]);
  });

  it('knows flowcharts from other diagrams', () => {
    expect(isFlowchart('graph TD\na-->b')).toBe(true);
    expect(isFlowchart('%%{init: {}}%%\nflowchart LR')).toBe(true);
    expect(isFlowchart('---\ntitle: x\n---\ngraph LR')).toBe(true);
    expect(isFlowchart('sequenceDiagram\nA->>B: hi')).toBe(false);
  });

  it('never throws, and names only nodes it has, whatever it is given', () => {
    const token = fc.constantFrom(
      'a',
      'b[x]',
      'c{',
      '(',
      '"',
      '-->',
      '--',
      '---',
      '&',
      '|t|',
      ';',
      '\n',
      'end',
      'subgraph s',
      '-.->',
      '==',
      '%%',
      '@{',
      ':::',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(token), (tokens) => {
        const { edges, nodes } = readMermaid(`graph LR\n${tokens.join('')}`, 1);
        for (const { from, to } of edges) expect(nodes.has(from) && nodes.has(to)).toBe(true);
      }),
    );
  });
});
