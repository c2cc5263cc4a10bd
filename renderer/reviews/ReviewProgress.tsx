// How far a review is: looked at, decided, passed, each with what it counts, over one bar of verdicts.
import { Tooltip } from '@mantine/core';
import type { ReviewCounts } from '../../shared/review.ts';
import { formatCount } from '../components/format.ts';
import { verdictWords, type ShownVerdict } from './reviewView.ts';
import { VerdictBadge } from './VerdictBadge.tsx';
import styles from './reviews.module.css';

interface Part {
  kind: ShownVerdict | 'looked';
  value: number;
}

function partsOf(counts: ReviewCounts): Part[] {
  return [
    { kind: 'pass', value: counts.passed },
    { kind: 'not_applicable', value: counts.notApplicable },
    { kind: 'waived', value: counts.waived },
    { kind: 'fail', value: counts.failed },
    { kind: 'looked', value: Math.max(0, counts.lookedAt - counts.decided) },
  ];
}

/** "96 of 149 decided, 80 pass, 9 fail". */
export function progressWords(counts: ReviewCounts): string {
  const rest = (
    [
      ['pass', counts.passed],
      ['fail', counts.failed],
      ['waived', counts.waived],
      ['not_applicable', counts.notApplicable],
    ] as const
  ).filter(([, value]) => value > 0);
  const words = rest.map(([verdict, value]) => `${value} ${verdictWords[verdict].toLowerCase()}`);
  return [`${counts.decided} of ${counts.total} decided`, ...words].join(', ');
}

/** The bar alone, for rows and cards. */
export function ReviewBar({ counts, label, height }: { counts: ReviewCounts; label: string; height?: number }) {
  return (
    <div className={styles.bar} style={{ height }} role="img" aria-label={`${label}: ${progressWords(counts)}`}>
      {partsOf(counts)
        .filter((part) => part.value > 0)
        .map((part) => (
          <i key={part.kind} data-verdict={part.kind} style={{ width: `${(part.value / counts.total) * 100}%` }} />
        ))}
    </div>
  );
}

const figures = [
  {
    word: 'Looked at',
    key: 'lookedAt',
    about: 'Somebody had the details open for a second or more, or decided it. In the bar: looked at and still open.',
  },
  { word: 'Decided', key: 'decided', about: 'It has a verdict: pass, fail, not applicable or waived. All must be decided before the review can be submitted.' },
  { word: 'Passed', key: 'passed', about: 'Its verdict is pass: it was verified and holds.' },
] as const;

export function ReviewProgress({ counts }: { counts: ReviewCounts }) {
  const others = (
    [
      ['fail', counts.failed, 'fail'],
      ['waived', counts.waived, 'waived'],
      ['not_applicable', counts.notApplicable, 'not applicable'],
    ] as const
  ).filter(([, value]) => value > 0);
  const open = counts.total - counts.decided;
  return (
    <section className={styles.progress} aria-label="Progress">
      <ReviewBar counts={counts} label="Progress" height={8} />
      <ul className={styles.figures}>
        {figures.map(({ word, key, about }) => (
          <Tooltip key={key} label={about} events={{ hover: true, focus: true, touch: true }}>
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- its explanation comes with the focus */}
            <li tabIndex={0} data-figure={key}>
              <span className={styles.swatch} data-figure={key} aria-hidden />
              {word} <b>{formatCount(counts[key])}</b>
              <span className="hidden-visually">{` of ${counts.total}. ${about}`}</span>
            </li>
          </Tooltip>
        ))}
        <li className={styles.figuresRest}>
          {others.map(([verdict, value, word]) => (
            <VerdictBadge key={verdict} verdict={verdict}>
              {value} {word}
            </VerdictBadge>
          ))}
          <span className="dim">
            {open === 0 ? `all ${formatCount(counts.total)} decided` : `${formatCount(open)} of ${formatCount(counts.total)} open`}
          </span>
        </li>
      </ul>
    </section>
  );
}
