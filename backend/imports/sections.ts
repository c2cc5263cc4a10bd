// Walks the sections of a plan and collects its tasks, its criteria, its limits and its stated dependencies.
import { MAX_PLAN_TASKS } from '../../shared/plan.ts';
import { fieldsOf, sectionField } from './blocks.ts';
import type { Labelled } from './blocks.ts';
import { entriesOf, itemText, newDraft } from './draft.ts';
import type { Draft, Field } from './draft.ts';
import { fieldKind, isGroup, sectionClass, taskOnly } from './fields.ts';
import type { SectionClass } from './fields.ts';
import { isSlug, normal, plain, splitLabel } from './inline.ts';
import { durationOf, floorIn, planLimitIn } from './limits.ts';
import { headOf, settleNames } from './naming.ts';
import type { Head } from './naming.ts';
import type { Block, Item, Line, Section } from './outline.ts';
import { applyField, floorOf } from './values.ts';
import { count, quote } from './warnings.ts';
import type { Warnings } from './warnings.ts';

export interface Found {
  drafts: Draft[];
  criteria: Line[];
  /** Sentences such as "b depends on a", and lines such as "a → b". */
  relations: Line[];
  floors: { value: number; line: number }[];
  limits: { value: number; line: number }[];
}

interface Walk extends Found {
  warnings: Warnings;
  /** Names that the document's graphs use: what bears one is a task. */
  graphNames: ReadonlySet<string>;
  title: Section | null;
  /** Set on a second round, when nothing else in the document is a task. */
  titleMayBeTask: boolean;
  /** The line of the first task that found no room. */
  full: number | null;
}

interface Context {
  class: SectionClass | null;
  groups: string[];
  /** The heading that says that tasks stand here. */
  heading: string;
}

interface Place {
  context: Context;
  walk: Walk;
}

/** Collects all of it; `drafts` are in the order of the document. */
export function readSections(root: Section, graphNames: ReadonlySet<string>, warnings: Warnings): Found {
  const title = root.children[0] ?? null;
  const walk: Walk = {
    drafts: [],
    criteria: [],
    relations: [],
    floors: [],
    limits: [],
    warnings,
    graphNames,
    title,
    titleMayBeTask: false,
    full: null,
  };
  const context: Context = { class: null, groups: [], heading: '' };
  readSection(root, context, walk);
  if (walk.drafts.length === 0) {
    const again: Walk = {
      ...walk,
      criteria: [],
      relations: [],
      floors: [],
      limits: [],
      titleMayBeTask: true,
    };
    readSection(root, context, again);
    if (again.drafts.length > 0) return again;
  }
  walk.drafts.sort((a, b) => a.line - b.line);
  return walk;
}

function readSection(section: Section, outer: Context, walk: Walk): void {
  const isTitle = section === walk.title && (section.level === 1 || section.children.length > 0);
  const context = contextOf(section, outer, isTitle);
  const { fields, loose } = fieldsOf(section.blocks);
  const byHeading = section.children.map((child) => sectionField(child)).filter((field) => field !== null);
  const direct = kindsOf(fields);
  const headed = kindsOf([...fields, ...byHeading]);
  const isTask =
    (direct.has('task') || direct.has('tools') || headed.has('task') || headed.has('tools')) &&
    context.class !== 'criteria';
  const taskByHeadings = isTask && !(direct.has('task') || direct.has('tools'));
  const children =
    isTask && (!isTitle || walk.titleMayBeTask)
      ? section.children.filter((child) => sectionField(child) === null)
      : section.children;

  const before = walk.drafts.length;
  for (const child of children) readSection(child, context, walk);
  const holdsTasks = walk.drafts.length > before;
  const mayBeTask =
    section.level > 0 &&
    !holdsTasks &&
    (!isTitle || walk.titleMayBeTask || (direct.has('task') && section.children.length === 0));
  if (mayBeTask && isTask && !(taskByHeadings && byHeading.length < 2)) {
    addSectionTasks(section, { fields: [...fields, ...byHeading], loose }, { context, walk });
    return;
  }
  readPlanWords(section, fields, { context, walk });
  if (context.class === 'criteria') {
    walk.criteria.push(...entriesOf(section.blocks.filter((block) => block.kind === 'list')));
    return;
  }
  if (context.class === 'dependencies')
    walk.relations.push(
      ...entriesOf(section.blocks.filter((block) => block.kind !== 'code' && block.kind !== 'table')),
    );
  if (mayBeTask && !hasItemTasks(section, context, walk) && isNamedTask(section, outer, walk)) {
    addSectionTasks(section, { fields, loose }, { context, walk });
    return;
  }
  for (const block of section.blocks) {
    if (block.kind === 'paragraph') for (const { text, line } of block.lines) noteWords(text, line, walk);
    if (block.kind === 'table') readTable(block, context, walk);
    if (block.kind === 'list')
      for (const item of block.items) readItem(item, block.ordered, { context, walk });
  }
}

function contextOf(section: Section, outer: Context, isTitle: boolean): Context {
  if (section.level === 0 || isTitle) return { ...outer, class: null };
  const head = headOf(section.heading);
  // Inside of a wave, "5. deployment-specialist" is a name and not a heading about deployments.
  const named =
    isSlug(head.name) ||
    head.says !== null ||
    (outer.class === 'tasks' && head.number !== null && !isGroup(section.title));
  const own = named ? null : sectionClass(section.title);
  const groups = isGroup(section.title) || own === 'tasks' ? [...outer.groups, section.title] : outer.groups;
  return { class: own ?? outer.class, groups, heading: own === 'tasks' ? section.title : outer.heading };
}

function kindsOf(fields: readonly Field[]): Set<Field['kind']> {
  return new Set(fields.map(({ kind }) => kind));
}

/** A heading where tasks are expected, that names one and has no fields: its text is the micro-task. */
function isNamedTask(section: Section, outer: Context, walk: Walk): boolean {
  const head = headOf(section.heading);
  if (walk.graphNames.has(normal(head.name)) && head.name !== '') return true;
  if (outer.class !== 'tasks' || section.children.length > 0 || section.level === 0) return false;
  if (isGroup(section.title) && section.blocks.some((block) => block.kind === 'list')) return false;
  if (head.number !== null || head.says !== null || isSlug(head.name)) return true;
  return sectionClass(section.title) === null && section.blocks.length > 0;
}

function hasItemTasks(section: Section, context: Context, walk: Walk): boolean {
  const items = section.blocks.flatMap((block) => (block.kind === 'list' ? block.items : []));
  const named = items.filter((item) => {
    const head = headOf(item.lines[0]?.text ?? '');
    const labelled = head.description !== '' && fieldKind(head.name) === null;
    return (
      isFieldItem(item) || walk.graphNames.has(normal(head.name)) || (context.class === 'tasks' && labelled)
    );
  });
  return named.length > 0 && named.length * 2 >= items.length;
}

/** What is said about the plan as a whole: the floor, the limit of each task, criteria in the head. */
function readPlanWords(section: Section, fields: readonly Field[], { context, walk }: Place): void {
  noteWords(section.title, section.line, walk);
  for (const field of fields) {
    const isLimit = field.kind === 'limit' && /limit|box|timeout|max/i.test(field.label);
    const seconds = isLimit
      ? durationOf(/^\d+$/.test(plain(field.value)) ? `${plain(field.value)} min` : field.value)
      : null;
    if (seconds !== null) walk.limits.push({ value: seconds, line: field.line });
    const floor = field.kind === 'floor' ? floorOf(field) : null;
    if (floor !== null) walk.floors.push({ value: floor, line: field.line });
    if (
      context.class !== 'criteria' &&
      (field.kind === 'criteria' || sectionClass(field.label) === 'criteria')
    ) {
      walk.criteria.push(
        ...(field.value === '' ? [] : [{ text: field.value, line: field.line }]),
        ...field.entries,
      );
    }
  }
}

function noteWords(text: string, line: number, walk: Walk): void {
  const floor = floorIn(text);
  if (floor !== null) walk.floors.push({ value: floor, line });
  const limit = planLimitIn(text);
  if (limit !== null) walk.limits.push({ value: limit, line });
}

function addSectionTasks(section: Section, { fields, loose }: Labelled, { context, walk }: Place): void {
  const starts = fields.flatMap((field, index) => (field.kind === 'agent' ? [index] : []));
  const several = starts.length > 1 && starts[0] === 0;
  const groups = several ? starts.map((start, index) => fields.slice(start, starts[index + 1])) : [fields];
  for (const group of groups) {
    const head = headOf(several ? '' : section.heading);
    const line = several ? (group[0]?.line ?? section.line) : section.line;
    addTask({ line, head, fields: group, loose: several ? [] : loose }, context, walk);
  }
}

/** Below "Agents" or "Wave 2" a name is an agent's; below "Tasks" a title, unless a field says the task. */
function nameHint(heading: string, hasTaskField: boolean): 'agent' | 'task' {
  const words = normal(heading);
  if (/\bagents?\b/.test(words)) return 'agent';
  if (/\b(?:steps?|actions?|jobs?|activities)\b/.test(words)) return 'task';
  return !hasTaskField && /\b(?:tasks?|work items?)\b/.test(words) ? 'task' : 'agent';
}

interface Material {
  line: number;
  head: Head;
  fields: readonly Field[];
  loose: readonly Line[];
}

function addTask({ line, head, fields, loose }: Material, context: Context, walk: Walk): void {
  if (isFull(line, walk)) return;
  const draft = newDraft(line, head.name, context.groups);
  draft.task = head.description;
  for (const field of fields) applyField(draft, field, walk.warnings);
  const hasField = fields.some(({ kind }) => kind === 'task');
  for (const { text } of loose) {
    if (draft.task === '') draft.task = text;
    else draft.notes.push(text);
  }
  settleNames(draft, head, nameHint(context.heading, hasField));
  walk.drafts.push(draft);
}

/** Beyond what a plan can hold nothing more is read: a hostile list could have a million items. */
function isFull(line: number, walk: Walk): boolean {
  if (walk.drafts.length < MAX_PLAN_TASKS) return false;
  walk.warnings.add(
    walk.full ?? line,
    `A plan has at most ${count(MAX_PLAN_TASKS)} tasks; those from here on were left out.`,
  );
  walk.full ??= line;
  return true;
}

/** An item with fields of a task on its own lines or in the list below it. */
function isFieldItem(item: Item): boolean {
  const kinds = kindsOf(itemFields(item).fields);
  const known = [...kinds].filter((kind) => kind !== null);
  return (
    (known.some((kind) => taskOnly.has(kind)) && known.length > 1) ||
    ((kinds.has('task') || kinds.has('tools')) && kindsOf(fieldsOf(item.blocks).fields).size > 0)
  );
}

function itemFields(item: Item): { fields: Field[]; loose: Line[]; head: Line | null } {
  const [first, ...rest] = item.lines;
  const label = first === undefined ? null : splitLabel(first.text);
  const isField = label !== null && fieldKind(label.label) !== null;
  const lines = isField || first === undefined ? item.lines : rest;
  const own: Block[] = lines.length > 0 ? [{ kind: 'paragraph', line: lines[0]!.line, lines }] : [];
  return { ...fieldsOf([...own, ...item.blocks]), head: isField || first === undefined ? null : first };
}

function readItem(item: Item, ordered: boolean, at: Place): void {
  const { context, walk } = at;
  if (isFull(item.line, walk)) return;
  const { fields, loose, head: first } = itemFields(item);
  const head = headOf(first?.text ?? '');
  head.number ??= item.number === null ? null : String(item.number);
  const inGraph = head.name !== '' && walk.graphNames.has(normal(head.name));
  if (isFieldItem(item) || inGraph) {
    addTask({ line: item.line, head, fields, loose }, context, walk);
    return;
  }
  const text = itemText(item);
  if (context.class !== 'tasks') {
    noteWords(text, item.line, walk);
    return;
  }
  // A rule of the plan in the middle of its tasks ("Maintain 5 active agents") is no task.
  if (
    floorIn(text) !== null ||
    (first === null && fields.length > 0 && !fields.some(({ kind }) => kind === 'task'))
  ) {
    noteWords(text, item.line, walk);
    return;
  }
  const listsTasks = /\b(?:tasks?|steps?|actions?|jobs?|activities|work items?|queue|backlog)\b/.test(
    normal(context.heading),
  );
  if (
    head.description !== '' ||
    isSlug(head.name) ||
    head.says !== null ||
    ((ordered || listsTasks) && head.name !== '')
  ) {
    addTask({ line: item.line, head: restOfName(head, first), fields, loose }, context, walk);
    return;
  }
  walk.warnings.add(
    item.line,
    `A task was expected here and not understood: ${quote(text)}. Write "1. **agent-name**: what it does".`,
    'not-understood',
  );
}

/** "Write tests: cover the parser" in a list of tasks: the name is what stands before the colon. */
function restOfName(head: Head, first: Line | null): Head {
  const labelled = head.description === '' && first !== null ? splitLabel(head.name) : null;
  return labelled === null || labelled.value === ''
    ? head
    : { ...head, name: labelled.label, description: labelled.value };
}

function readTable(table: Block & { kind: 'table' }, context: Context, walk: Walk): void {
  const [header = [], ...rows] = table.rows;
  const kinds = header.map(({ text }) =>
    /^(?:#|no\.?|nr\.?|number)$/i.test(plain(text)) ? 'key' : fieldKind(plain(text)),
  );
  const known = new Set(kinds.filter((kind) => kind !== null));
  const isTasks =
    known.size > 1 &&
    (known.has('task') ||
      ((known.has('agent') || known.has('title')) && context.class === 'tasks') ||
      (known.has('agent') && known.has('title')));
  if (!isTasks || context.class === 'criteria') return;
  for (const row of rows) {
    const line = row[0]?.line ?? table.line;
    const fields = row.flatMap(({ text }, index): Field[] => {
      const kind = kinds[index];
      if (kind === undefined || text === '') return [];
      return [{ kind, label: plain(header[index]?.text ?? ''), line, value: text, entries: [] }];
    });
    const named = fields.filter(({ kind }) => kind === 'task' || kind === 'title' || kind === 'agent');
    if (named.length > 0) addTask({ line, head: headOf(''), fields, loose: [] }, context, walk);
    else
      walk.warnings.add(
        line,
        'A task was expected in this row and not understood: it names neither a task nor an agent.',
        'not-understood',
      );
  }
}
