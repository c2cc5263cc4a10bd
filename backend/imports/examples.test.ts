// The example plans that the console offers, and the sample that the format comes from where it is at hand.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPlan } from './index.ts';
import { edgesOf } from './testing.ts';

const examples = new URL('../../resources/plans/', import.meta.url);
const sample = new URL('../../../shared/samples/pipeline-orchestration-plan.md', import.meta.url);

describe.each(readdirSync(examples).filter((name) => name.endsWith('.md')))('the example %s', (name) => {
  const preview = readPlan({ text: readFileSync(new URL(name, examples), 'utf8') });
  const { plan, warnings } = preview;

  it('is read whole: agents, floor, criteria and dependencies', () => {
    expect(plan.tasks.length).toBeGreaterThanOrEqual(6);
    expect(plan.minActive).toBeGreaterThanOrEqual(3);
    expect(plan.timeLimitSeconds).toBe(900);
    expect(plan.successCriteria.length).toBeGreaterThanOrEqual(3);
    expect(edgesOf(preview).length).toBeGreaterThanOrEqual(5);
    expect(plan.tasks.filter(({ agent }) => agent !== null).length).toBeGreaterThanOrEqual(6);
  });

  it('has no warning but that what only the graph names goes to the coordinator', () => {
    expect(warnings.filter(({ message }) => !/coordinator|only in the graph/.test(message))).toEqual([]);
  });
});

describe.runIf(existsSync(sample))('the orchestration plan of the samples', () => {
  const text = existsSync(sample) ? readFileSync(sample, 'utf8') : '';
  const digest = (value: unknown) =>
    createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

  it('has ten agents and the final task, a floor of five, fifteen minutes each', () => {
    const { plan } = readPlan({ text });
    expect(plan.tasks).toHaveLength(11);
    expect(plan.tasks.filter(({ agent }) => agent !== null)).toHaveLength(10);
    expect(plan.tasks.map(({ agent, key }) => agent === null || agent === key)).not.toContain(false);
    expect(plan).toMatchObject({ minActive: 5, timeLimitSeconds: 900 });
    expect(plan.tasks.every(({ timeLimitSeconds }) => timeLimitSeconds === 900)).toBe(true);
    expect(plan.successCriteria).toHaveLength(10);
  });

  it('has exactly the ten edges of its graph', () => {
    const preview = readPlan({ text });
    const { tasks } = preview.plan;
    const places = new Map(tasks.map(({ key }, index) => [key, index]));
    // The first five are followed by one each, and these by the final one.
    expect(tasks.map(({ dependsOn }) => dependsOn.map((on) => places.get(on)))).toEqual([
      [],
      [],
      [],
      [],
      [],
      [0],
      [1],
      [2],
      [3],
      [4],
      [5, 6, 7, 8, 9],
    ]);
    expect(edgesOf(preview)).toHaveLength(10);
  });

  it('has fields in the five tasks of the first wave, and one-line tasks in the second', () => {
    const { tasks } = readPlan({ text }).plan;
    const shape = tasks.map(({ tools, successCriteria, output }) => [
      tools.length,
      successCriteria.length,
      output !== null,
    ]);
    expect(shape).toEqual(tasks.map((_, index) => (index < 5 ? [3, 3, true] : [0, 0, false])));
    const [first] = tasks;
    expect(first?.tools.every((tool) => /^mcp__[\w-]+: (?:for|to) /.test(tool))).toBe(true);
    expect(first?.title).not.toMatch(/min|\*/);
    expect(first?.instructions.startsWith(first.title)).toBe(true);
  });

  it('is repaired wherever its encoding is broken, with a warning at each place', () => {
    const { plan, warnings } = readPlan({ text });
    const broken = text.split('\n').flatMap((line, index) => (/[^\p{ASCII}]/u.test(line) ? [index + 1] : []));
    expect(warnings.filter(({ message }) => message.includes('repaired')).map(({ line }) => line)).toEqual(
      broken,
    );
    expect(JSON.stringify(plan)).not.toMatch(/[ðŸâ€]/u);
    const rest = warnings.filter(({ message }) => !message.includes('repaired'));
    expect(rest).toHaveLength(2);
    expect(rest.some(({ message }) => message.includes('coordinator'))).toBe(true);
  });

  it('names the agents and the edges of the document to the letter', () => {
    const preview = readPlan({ text });
    const names = preview.plan.tasks.map(({ key }) => key);
    expect(digest([names, edgesOf(preview)])).toBe('d9f6b334d48ff890');
  });
});
