// Time limits, floors and the small parts of inline text, as people write them.
import { describe, expect, it } from 'vitest';
import { normal, plain, slug, splitLabel, unnumber } from './inline.ts';
import { durationOf, floorIn, limitIn, planLimitIn } from './limits.ts';
import { namesOf, splitCriteria, toolText } from './values.ts';

describe('durations', () => {
  it.each([
    ['15 min', 900],
    ['15-minute', 900],
    ['90 s', 90],
    ['1.5 hours', 5400],
    ['1h 30m', 5400],
    ['1 hour and 5 minutes', 3900],
    ['10-15 minutes', 900],
    ['PT20M', 1200],
    ['2 days', 172_800],
    ['26-week', null],
    ['5 mice', null],
    ['soon', null],
  ])('%s is %s seconds', (text, seconds) => {
    expect(durationOf(text)).toBe(seconds);
  });

  it.each([
    ['Sort the mail (15 min max)', 900, 'Sort the mail'],
    ['Sort the mail (max. 20 minutes)', 1200, 'Sort the mail'],
    ['Sort the mail [1 h] twice', 3600, 'Sort the mail twice'],
    ['Sort the mail, 15 min max', 900, 'Sort the mail, 15 min max'],
    ['Read the logs of the last 30 minutes', null, 'Read the logs of the last 30 minutes'],
    ['Call (5 people)', null, 'Call (5 people)'],
  ])('the limit of "%s" is %s', (text, seconds, rest) => {
    expect(limitIn(text)).toEqual({ seconds, rest });
  });

  it.each([
    ['**15-minute time limit** enforced for all micro-tasks', 900],
    ['DEPLOYMENT (15-min micro-tasks)', 900],
    ['Time limit per task: 45 min', 2700],
    ['Each runs 10 minutes per task', 600],
    ['If incomplete after 15 min, hand over', null],
    ['26-week implementation', null],
  ])('the limit of a plan in "%s" is %s', (text, seconds) => {
    expect(planLimitIn(text)).toBe(seconds);
  });
});

describe('floors', () => {
  it.each([
    ['NEVER WAIT - ALWAYS 5 ACTIVE AGENTS', 5],
    ['**Maintain 5 Active Agents**: and so on', 5],
    ['Never fewer than 7 agents running', 7],
    ['Never drop below three', 3],
    ['Keep at least two agents active', 2],
    ['At least 4 agents are active', 4],
    ['6 agents at all times', 6],
    ['Minimum active agents: 8', 8],
    ['5 agents took part', null],
    ['at least 3 agents were asked', null],
    ['No fewer than 3 reviews', null],
  ])('%s: %s', (text, floor) => {
    expect(floorIn(text)).toBe(floor);
  });
});

describe('names and labels', () => {
  it('takes off markup, and keeps what stands in backticks', () => {
    expect(plain('**Bold** _it_ ~~no~~ [link](http://x.test) &amp; `a__b*c` <b>x</b>')).toBe(
      'Bold it no link & a__b*c x',
    );
    expect(plain('use mcp__a__b and snake_case_name')).toBe('use mcp__a__b and snake_case_name');
  });

  it('makes keys and compares names', () => {
    expect(slug('**Final Report!**')).toBe('final-report');
    expect(slug('🎯')).toBe('task');
    expect(normal('Final_Report')).toBe(normal('final-report'));
  });

  it.each([
    ['1. name', '1', 'name'],
    ['🔍 3) name', '3', 'name'],
    ['2.1. name', '2.1', 'name'],
    ['2025 report', null, '2025 report'],
  ])('parts the number off %s', (text, number, name) => {
    expect(unnumber(text)).toEqual({ number, name });
  });

  it.each([
    ['**LABEL**: value', 'LABEL', 'value'],
    ['**Label:** value', 'Label', 'value'],
    ['Label: value', 'Label', 'value'],
    ['✅ **Label** — value', 'Label', 'value'],
    ['`name`: value', 'name', 'value'],
  ])('finds the label of %s', (text, label, value) => {
    expect(splitLabel(text)).toMatchObject({ label, value });
  });

  it.each([
    'see http://x.test',
    'at 10:30 we go',
    'This is a sentence. And then: more',
    '**bold** in a sentence',
  ])('finds no label in %s', (text) => {
    expect(splitLabel(text)).toBeNull();
  });

  it('puts a tool first, and leaves what is no tool', () => {
    expect(toolText('Use `mcp__a__b-c` for reading')).toBe('mcp__a__b-c: for reading');
    expect(toolText('mcp__a__b')).toBe('mcp__a__b');
    expect(toolText('`grep`: to search')).toBe('grep: to search');
    expect(toolText('Ask the archivist')).toBe('Ask the archivist');
  });

  it('parts criteria where each part stands for itself', () => {
    expect(splitCriteria('Check a box, mark b prints, estimate 40,000 scans')).toEqual([
      'Check a box',
      'mark b prints',
      'estimate 40,000 scans',
    ]);
    expect(splitCriteria('All tests pass, including the slow ones')).toHaveLength(1);
    expect(splitCriteria('Red, green, blue')).toHaveLength(1);
    expect(splitCriteria('one thing; another thing')).toHaveLength(2);
  });

  it('reads names of dependencies, and none where there are none', () => {
    const names = (value: string) => namesOf({ value, entries: [], line: 1 }).map(({ text }) => text);
    expect(names('`a-b`, c and d')).toEqual(['a-b', 'c', 'd']);
    for (const nothing of ['None', 'n/a', '-', '—', '']) expect(names(nothing)).toEqual([]);
  });
});
