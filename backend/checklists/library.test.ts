// The built-in launch checklist as people will read it, and what is said of a file that is not right.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checklist, itemsUpTo, type Checklist } from '../../shared/checklist.ts';
import { createChecklistLibrary, itemId, parseChecklist } from './library.ts';

const folder = join(import.meta.dirname, '../../resources/checklists');
let launch: Checklist;
beforeAll(async () => {
  launch = (await createChecklistLibrary(folder).load()).find((one) => one.name === 'Launch checklist')!;
});

const sections = (): Map<string, Checklist['items']> => Map.groupBy(launch.items, (item) => item.section);
const wordsOf = (text: string): Set<string> =>
  new Set(text.toLowerCase().match(/[a-z]{4,}/g)?.filter((word) => !['every', 'with', 'that', 'from'].includes(word)));

function likeness(a: Set<string>, b: Set<string>): number {
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared / (a.size + b.size - shared);
}

describe('the launch checklist', () => {
  it('has well over a hundred items in named sections, each of a size to work through', () => {
    expect(checklist.parse(launch)).toEqual(launch);
    expect(launch.items.length).toBeGreaterThanOrEqual(130);
    expect(sections().size).toBeGreaterThanOrEqual(12);
    for (const [name, items] of sections()) expect([name, items.length >= 6]).toEqual([name, true]);
    expect(launch).toMatchObject({ itemCount: launch.items.length, sectionCount: sections().size, builtIn: true });
    expect(itemsUpTo(launch.byLevel, null)).toBe(launch.items.length);
    expect(itemsUpTo(launch.byLevel, 2)).toBe(launch.items.filter((item) => item.level <= 2).length);
  });

  it.each([
    ['tenant isolation'],
    ['authentication'],
    ['sessions and keys'],
    ['authorisation'],
    ['api and rate limits'],
    ['secrets and encryption'],
    ['agent and prompt security'],
    ['data protection'],
    ['logging and audit'],
    ['infrastructure'],
    ['recovery'],
    ['supply chain'],
    ['desktop application'],
  ])('covers %s at the first two levels at least', (name) => {
    const found = launch.items.filter((item) => item.section.toLowerCase() === name);
    expect(new Set(found.map((item) => item.level))).toEqual(new Set([1, 2, ...found.map((item) => item.level)]));
  });

  it('gives each item a ref of its own, numbered through its section under one prefix', () => {
    expect(new Set(launch.items.map((item) => item.ref)).size).toBe(launch.items.length);
    expect(new Set(launch.items.map((item) => item.id)).size).toBe(launch.items.length);
    for (const items of sections().values()) {
      const prefix = items[0]!.ref.split('-')[0];
      expect(items.map((item) => item.ref)).toEqual(
        items.map((_, index) => `${prefix}-${String(index + 1).padStart(2, '0')}`),
      );
    }
  });

  it('says each item in one sentence, and how to verify it in one to three', () => {
    for (const { ref, text, guidance, evidence } of launch.items) {
      const sentences = (given: string): number => given.match(/[.?!](\s|$)/g)?.length ?? 0;
      expect([ref, text.length >= 40 && text.length <= 200, sentences(text)]).toEqual([ref, true, 1]);
      expect([ref, guidance.length >= 50 && guidance.length <= 320]).toEqual([ref, true]);
      expect([ref, [1, 2, 3].includes(sentences(guidance))]).toEqual([ref, true]);
      expect([ref, evidence.length >= 8 && evidence.length <= 160, sentences(evidence)]).toEqual([ref, true, 1]);
    }
  });

  it('says nothing twice, in the same words or nearly', () => {
    const words = launch.items.map((item) => wordsOf(item.text));
    const alike = launch.items.flatMap((item, index) =>
      launch.items.slice(index + 1).flatMap((other, offset) => {
        const measure = likeness(words[index]!, words[index + 1 + offset]!);
        return measure > 0.4 ? [`${item.ref} and ${other.ref}: ${measure.toFixed(2)}`] : [];
      }),
    );
    expect(alike).toEqual([]);
    expect(new Set(launch.items.map((item) => item.guidance)).size).toBe(launch.items.length);
    expect(new Set(launch.items.map((item) => item.evidence)).size).toBe(launch.items.length);
  });
});

describe('the library', () => {
  let empty: string;
  beforeAll(async () => {
    empty = await mkdtemp(join(tmpdir(), 'signalbox-checklists-'));
  });
  afterAll(() => rm(empty, { recursive: true }));

  it('reads each file once, and again after a failure', async () => {
    const library = createChecklistLibrary(empty);
    await writeFile(join(empty, 'broken.yaml'), 'name: Only a name\n');
    await expect(library.load()).rejects.toThrow(/broken\.yaml is not right: id/);
    await writeFile(join(empty, 'broken.yaml'), await readFile(join(folder, 'launch.yaml'), 'utf8'));
    const first = await library.load();
    await rm(join(empty, 'broken.yaml'));
    expect(await library.load()).toBe(first);
    expect(await library.find(launch.id)).toEqual(launch);
    expect(await library.find(itemId(launch.id, 'nothing'))).toBeUndefined();
  });

  it('keeps the ids of items from one start to the next', () => {
    expect(itemId(launch.id, 'ISO-01')).toBe(launch.items[0]!.id);
    expect(itemId(launch.id, 'ISO-02')).toBe(launch.items[1]!.id);
  });

  it.each([
    { what: 'a level that is none', found: /level: 1\b/, put: 'level: 4', message: /sections\.0\.items\.0\.level/ },
    { what: 'a field it does not know', found: /name: Launch/, put: 'colour: red\nname: Launch', message: /colour/ },
    { what: 'an item without evidence', found: /\n +evidence: .*(?=\n)/, put: '', message: /evidence/ },
    { what: 'a text that is no YAML', found: /id: /, put: 'id: [', message: /launch\.yaml is not right: / },
    { what: 'a ref that is there twice', found: /ref: ISO-02/, put: 'ref: ISO-01', message: /two items ISO-01/ },
  ])('refuses $what and names it', async ({ found, put, message }) => {
    const source = await readFile(join(folder, 'launch.yaml'), 'utf8');
    await expect(parseChecklist(source.replace(found, put), 'launch.yaml')).rejects.toThrow(message);
  });
});
