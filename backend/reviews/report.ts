// The report of a review in Markdown: what was decided by section, and every fail and waiver with its note.
import type { Review, ReviewItem, Verdict } from '../../shared/review.ts';
import { countItems } from '../../shared/review.ts';
import { inline, quote, table } from '../platform/markdown.ts';

const NONE = '–';
const words: Record<Verdict, string> = {
  pass: 'pass',
  fail: 'fail',
  not_applicable: 'not applicable',
  waived: 'waived',
};

/** `2026-11-03 14:05 UTC`. */
function timeOf(at: string | null): string {
  return at === null ? NONE : `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

function byWhom(item: ReviewItem): string {
  return item.decidedBy === null ? '' : `, by ${inline(item.decidedBy.name)}, ${timeOf(item.decidedAt)}`;
}

function head(review: Review): string[] {
  const { counts } = review;
  const level = review.level === null ? 'all levels' : `up to level ${review.level}`;
  const submitted =
    review.submittedBy === null
      ? 'not yet'
      : `${timeOf(review.submittedAt)}, by ${inline(review.submittedBy.name)}`;
  return [
    `# ${inline(review.title)}`,
    '',
    `- Checklist: ${inline(review.checklistName)}, version ${review.checklistVersion}, ${level}`,
    `- State: **${review.state}**`,
    `- Begun: ${timeOf(review.createdAt)}, by ${inline(review.createdBy.name)}`,
    `- Submitted: ${submitted}`,
    `- Looked at: ${counts.lookedAt} of ${counts.total}`,
    `- Decided: ${counts.decided} of ${counts.total} (${counts.passed} pass, ${counts.failed} fail, ` +
      `${counts.notApplicable} not applicable, ${counts.waived} waived)`,
    '',
  ];
}

function sections(review: Review): string[] {
  const names = [...new Set(review.items.map((item) => item.section))];
  const body = names.map((name) => {
    const counts = countItems(review.items.filter((item) => item.section === name));
    const figures = [counts.total, counts.decided, counts.passed, counts.failed, counts.notApplicable, counts.waived];
    return [inline(name), ...figures.map(String)];
  });
  return [
    '## Sections',
    '',
    ...table(['Section', 'Items', 'Decided', 'Pass', 'Fail', 'Not applicable', 'Waived'], body),
    '',
  ];
}

/** What a person wrote into a field: its lines stay lines, so that a list of links is one on paper too. */
function written(text: string): string[] {
  const lines = quote(text);
  return lines.map((line, index) => (line === '>' || (lines[index + 1] ?? '>') === '>' ? line : `${line}  `));
}

function details(item: ReviewItem): string[] {
  const waiver = item.waiver
    ? [`Waived until ${item.waiver.until.slice(0, 10)}:`, '', ...written(item.waiver.reason), '']
    : [];
  const note = item.note.trim() === '' ? ['No note.'] : written(item.note);
  return [
    `### ${inline(item.ref)}: ${inline(item.text)}`,
    '',
    `${inline(item.section)}, level ${item.level}${byWhom(item)}`,
    '',
    `Evidence asked for: ${inline(item.evidence)}`,
    '',
    ...waiver,
    ...(item.waiver && item.note.trim() === '' ? [] : note),
    '',
  ];
}

function told(title: string, items: ReviewItem[]): string[] {
  return [`## ${title}`, '', ...(items.length === 0 ? ['None.', ''] : items.flatMap(details))];
}

function undecided(items: ReviewItem[]): string[] {
  if (items.length === 0) return [];
  return ['## Undecided', '', ...items.map((item) => `- ${inline(item.ref)}: ${inline(item.text)}`), ''];
}

function all(review: Review): string[] {
  const body = review.items.map((item) => [
    inline(item.ref),
    String(item.level),
    inline(item.text),
    item.verdict === null ? NONE : words[item.verdict],
    item.decidedBy === null ? NONE : inline(item.decidedBy.name),
    timeOf(item.decidedAt),
  ]);
  return ['## All items', '', ...table(['Ref', 'Level', 'Item', 'Verdict', 'By', 'At'], body), ''];
}

/** Notes of items that passed or do not apply: what they say may matter as much. */
function notes(items: ReviewItem[]): string[] {
  const noted = items.filter((item) => item.note.trim() !== '');
  return noted.length === 0 ? [] : told('Other notes', noted);
}

/** The report of what was read. The same review gives the same text. */
export function writeReport(review: Review): string {
  const of = (...wanted: (Verdict | null)[]): ReviewItem[] =>
    review.items.filter((item) => wanted.includes(item.verdict));
  const lines = [
    ...head(review),
    ...sections(review),
    ...told('Failed', of('fail')),
    ...told('Waived', of('waived')),
    ...undecided(of(null)),
    ...notes(of('pass', 'not_applicable', null)),
    ...all(review),
  ];
  return `${lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}
