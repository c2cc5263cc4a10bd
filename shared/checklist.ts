// Checklists: what a review goes through. The built-in one is the same for every workspace.
import { z } from 'zod';
import { operation } from './operation.ts';
import { byId, empty, id, line, text } from './schema.ts';

/** 1: holds before anybody's data comes in; 2: before customers do; 3: for the highest assurance. */
export const checklistLevels = [1, 2, 3] as const;
export const checklistLevel = z.union([z.literal(1), z.literal(2), z.literal(3)]);
export type ChecklistLevel = z.infer<typeof checklistLevel>;

/** The most items of a checklist, and so of a review. */
export const MAX_CHECKLIST_ITEMS = 2_000;

/** Unique in its checklist, such as `ISO-01`; what a path names. */
export const itemRef = line(60);

export const checklistItem = z.object({
  id,
  ref: itemRef,
  section: line(120),
  /** One sentence that can be tested. */
  text: text(2_000),
  level: checklistLevel,
  /** How to verify it. */
  guidance: text(4_000),
  /** What counts as evidence. */
  evidence: text(2_000),
});
export type ChecklistItem = z.infer<typeof checklistItem>;

/** Items of each level, without those of the levels below. */
export const itemsByLevel = z.object({ '1': z.number().int(), '2': z.number().int(), '3': z.number().int() });
export type ItemsByLevel = z.infer<typeof itemsByLevel>;

export const checklistSummary = z.object({
  id,
  name: z.string(),
  version: z.number().int(),
  description: z.string(),
  builtIn: z.boolean(),
  itemCount: z.number().int(),
  sectionCount: z.number().int(),
  byLevel: itemsByLevel,
});
export type ChecklistSummary = z.infer<typeof checklistSummary>;

export const checklist = checklistSummary.extend({ items: z.array(checklistItem) });
export type Checklist = z.infer<typeof checklist>;

/** Items of a review at a level: a level includes those below it. Null: all. */
export function itemsUpTo(byLevel: ItemsByLevel, level: ChecklistLevel | null): number {
  return checklistLevels
    .filter((one) => level === null || one <= level)
    .reduce((sum, one) => sum + byLevel[`${one}`], 0);
}

const read = { kind: 'query', permission: 'checklists:read', scope: 'reviews:read' } as const;

export const checklistOperations = {
  list: operation({
    ...read,
    summary: 'The checklists that a review can go through.',
    input: empty,
    output: z.object({ items: z.array(checklistSummary), nextCursor: z.string().nullable() }),
    rest: { method: 'GET', path: '/api/checklists', status: 200 },
  }),
  get: operation({
    ...read,
    summary: 'One checklist with its items, how each is verified and what counts as evidence.',
    input: byId,
    output: checklist,
    rest: { method: 'GET', path: '/api/checklists/:id', status: 200 },
  }),
};
