// What a person has chosen on this computer and what the console remembers for them; kept by main, in one file.
import { z } from 'zod';
import { textSizes } from './text-size.ts';

export const themes = ['system', 'light', 'dark'] as const;

/** What a notification can be about. */
export const noticeKinds = ['finding', 'failed', 'stopped', 'approval', 'plan'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** `22:00`, in the computer's zone. */
export const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write a time such as 22:00.');
export const notificationChoices = z.object({
  finding: z.boolean().default(true),
  failed: z.boolean().default(true),
  stopped: z.boolean().default(true),
  approval: z.boolean().default(true),
  plan: z.boolean().default(true),
  /** Nothing is shown from one time to the other, in the computer's zone; over midnight too. */
  quiet: z
    .object({ on: z.boolean().default(false), from: clockTime.default('22:00'), to: clockTime.default('07:00') })
    .prefault({}),
});
export type NotificationChoices = z.infer<typeof notificationChoices>;

/** How a list is laid out: `order` names the columns that were moved or shown by hand. */
export const listLayout = z.object({
  order: z.array(z.string().max(40)).max(60).default([]),
  hidden: z.array(z.string().max(40)).max(60).default([]),
  /** In px. */
  widths: z.record(z.string().max(40), z.number().min(30).max(2_000)).default({}),
  sort: z.object({ id: z.string().max(40), desc: z.boolean() }).nullable().default(null),
});
export type ListLayout = z.infer<typeof listLayout>;

/** A filter with a name; `owner` is the workspace that its ids belong to. */
export const savedView = z.object({
  owner: z.string().max(64),
  place: z.string().max(40),
  name: z.string().trim().min(1, 'Give it a name.').max(40),
  /** The query of the path: `state=failed&agentId=…`. */
  search: z.string().max(600),
});
export type SavedView = z.infer<typeof savedView>;

export const closings = ['ask', 'background', 'quit'] as const;

/** Records that grow by use hold at most so many entries; the oldest give way. */
const MOST = 200;
const key = z.string().max(140);

export const preferences = z.object({
  theme: z.enum(themes).default('system'),
  textSize: z.enum(textSizes).default('normal').catch('normal'),
  /** What closing the last window does while work runs on this computer. */
  closing: z.enum(closings).default('ask'),
  keepAwake: z.boolean().default(false),
  notifications: notificationChoices.prefault({}),
  /** By the list's label. */
  lists: z.record(key, listLayout).default({}),
  /** By the place: the share of the width that the details take. */
  splits: z.record(key, z.number().min(0.2).max(0.75)).default({}),
  /** By workspace and place: the query of its path. */
  filters: z.record(key, z.string().max(600)).default({}),
  views: z.array(savedView).max(MOST).default([]),
  /** What was last chosen in the omnibox, newest first. */
  recent: z.array(z.string().max(80)).max(8).default([]),
});
export type Preferences = z.infer<typeof preferences>;

/** A change: of the records only the entries that change, null where one goes. */
export const preferencesPatch = z.object({
  ...preferences.partial().shape,
  lists: z.record(key, listLayout.nullable()).optional(),
  splits: z.record(key, z.number().min(0.2).max(0.75).nullable()).optional(),
  filters: z.record(key, z.string().max(600).nullable()).optional(),
});
export type PreferencesPatch = z.input<typeof preferencesPatch>;

/** The preferences with a change made; two windows that change different entries do not undo each other. */
export function withPreferences(before: Preferences, patch: PreferencesPatch): Preferences {
  const next = { ...before };
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const merged = isRecord(name) ? mergeEntries(before[name], value as Record<string, unknown>) : value;
    Object.assign(next, { [name]: merged });
  }
  return next;
}

const records = ['lists', 'splits', 'filters'] as const;
function isRecord(name: string): name is (typeof records)[number] {
  return (records as readonly string[]).includes(name);
}

function mergeEntries(before: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  // What is changed moves to the end, so that the first are the oldest.
  const others = Object.entries(before).filter(([name]) => !Object.hasOwn(patch, name));
  const changed = Object.entries(patch).filter(([, value]) => value !== null);
  return Object.fromEntries([...others, ...changed].slice(-MOST));
}
