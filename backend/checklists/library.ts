// The built-in checklists: files of resources/checklists, read and checked once, when they are first asked for.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  checklistLevel,
  itemRef,
  MAX_CHECKLIST_ITEMS,
  type Checklist,
  type ChecklistItem,
  type ChecklistSummary,
} from '../../shared/checklist.ts';
import { id, line, text } from '../../shared/schema.ts';

export interface ChecklistLibrary {
  /** Reads and checks the files, once. Throws an error that names the file and what is wrong with it. */
  load(): Promise<Checklist[]>;
  find(id: string): Promise<Checklist | undefined>;
}

/** A checklist as its file has it: sections with their items. */
const checklistFile = z.strictObject({
  id,
  name: line(120),
  version: z.number().int().min(1),
  description: text(1_000),
  sections: z
    .array(
      z.strictObject({
        name: line(120),
        items: z
          .array(
            z.strictObject({
              ref: itemRef,
              level: checklistLevel,
              text: text(2_000).min(1),
              guidance: text(4_000).min(1),
              evidence: text(2_000).min(1),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
});

/** The same in every process and version: a UUID version 7 with the checklist's time and a hash of the ref. */
export function itemId(checklistId: string, ref: string): string {
  const hash = createHash('sha256').update(`${checklistId} ${ref}`).digest('hex');
  return `${checklistId.slice(0, 13)}-7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}

export function summaryOf({ items: _items, ...summary }: Checklist): ChecklistSummary {
  return summary;
}

/** Reads one file's text. Throws an error that says what to mend. */
export async function parseChecklist(source: string, name: string): Promise<Checklist> {
  // Loaded here: most starts of the desktop app never ask for a checklist.
  const { parse } = await import('yaml');
  const wrong = (why: string): Error => new Error(`The checklist ${name} is not right: ${why}`);
  const value = ((): unknown => {
    try {
      return parse(source);
    } catch (error) {
      throw wrong((error as Error).message);
    }
  })();
  const read = checklistFile.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw wrong(`${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { sections, ...head } = read.data;
  const items = sections.flatMap((section) =>
    section.items.map((item): ChecklistItem => ({ id: itemId(head.id, item.ref), section: section.name, ...item })),
  );
  const refs = new Set<string>();
  for (const { ref } of items) {
    if (refs.has(ref)) throw new Error(`The checklist ${name} has two items ${ref}.`);
    refs.add(ref);
  }
  if (items.length > MAX_CHECKLIST_ITEMS) {
    throw new Error(`The checklist ${name} has ${items.length} items; at most ${MAX_CHECKLIST_ITEMS} are taken.`);
  }
  const ofLevel = (level: number): number => items.filter((item) => item.level === level).length;
  return {
    ...head,
    builtIn: true,
    itemCount: items.length,
    sectionCount: new Set(sections.map((section) => section.name)).size,
    byLevel: { '1': ofLevel(1), '2': ofLevel(2), '3': ofLevel(3) },
    items,
  };
}

export function createChecklistLibrary(folder: string): ChecklistLibrary {
  let loading: Promise<Checklist[]> | undefined;
  const read = async (): Promise<Checklist[]> => {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
    return Promise.all(names.map(async (name) => parseChecklist(await readFile(join(folder, name), 'utf8'), name)));
  };
  const load = (): Promise<Checklist[]> => {
    // A failure is not kept: the next one asks again.
    loading ??= read().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return { load, find: async (id) => (await load()).find((one) => one.id === id) };
}
