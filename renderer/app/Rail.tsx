// The rail of nouns with their live counts.
import { Tooltip } from '@mantine/core';
import { Fragment } from 'react';
import type { Overview } from '../../shared/overview.ts';
import { may } from '../../shared/permissions.ts';
import { formatCount } from '../components/format.ts';
import { useMe } from './me.tsx';
import { groups, settings, type Noun } from './nouns.tsx';
import { useGoToPlace } from './places.ts';
import type { Place } from './routes.ts';
import styles from './Shell.module.css';

interface RailProps {
  figures: Overview['figures'] | null;
  place: Place | null;
}
export function Rail({ figures, place }: RailProps) {
  const { role } = useMe().organization;
  const shown = (noun: Noun): boolean => noun.permission === undefined || may(role, noun.permission);
  return (
    <nav className={styles.rail} aria-label="Places">
      {groups.map((group) => (
        <Fragment key={group[0]?.place}>
          {group.filter(shown).map((noun) => (
            <RailItem
              key={noun.place}
              noun={noun}
              count={figures && noun.count(figures)}
              current={noun.place === place}
            />
          ))}
          <hr className={styles.rule} />
        </Fragment>
      ))}
      <RailItem noun={settings} count={null} current={place === 'settings'} />
    </nav>
  );
}

function RailItem({ noun, count, current }: { noun: Noun; count: number | null; current: boolean }) {
  const Icon = noun.icon;
  const goToPlace = useGoToPlace();
  const says = count === null || count === 0 || noun.counted === undefined ? null : `${formatCount(count)} ${noun.counted}`;
  const narrow = window.innerWidth < 820;
  return (
    <Tooltip
      label={says === null ? noun.label : `${noun.label}: ${says}`}
      position="right"
      disabled={!narrow && says === null}
    >
      <a
        className={styles.item}
        href={`#/${noun.place}`}
        aria-current={current ? 'page' : undefined}
        onClick={(event) => {
          event.preventDefault();
          goToPlace(noun.place);
        }}
      >
        <Icon size={16} stroke={1.7} aria-hidden />
        <span className={styles.label}>{noun.label}</span>
        {count !== null && count > 0 && (
          <span className={styles.count} data-long={count > 99 || undefined} aria-hidden={says !== null || undefined}>
            {formatCount(count)}
          </span>
        )}
        {says !== null && <span className="hidden-visually">, {says}</span>}
      </a>
    </Tooltip>
  );
}
