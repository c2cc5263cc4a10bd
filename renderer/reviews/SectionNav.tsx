// The sections with how much of each is done: a list at the left, and a choice where there is no room for one.
import { NativeSelect } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { Section } from './reviewView.ts';
import styles from './reviews.module.css';

interface SectionNavProps {
  sections: readonly Section[];
  value: string | undefined;
  onChange(name: string | undefined): void;
}

function all(sections: readonly Section[]): Section {
  const sum = (key: 'total' | 'decided' | 'failed'): number => sections.reduce((total, one) => total + one[key], 0);
  return { name: 'All sections', total: sum('total'), decided: sum('decided'), failed: sum('failed') };
}

export function SectionNav({ sections, value, onChange }: SectionNavProps) {
  return (
    <nav className={styles.sections} aria-label="Sections">
      <SectionButton section={all(sections)} current={value === undefined} onClick={() => onChange(undefined)} />
      {sections.map((section) => (
        <SectionButton key={section.name} section={section} current={section.name === value} onClick={() => onChange(section.name)} />
      ))}
    </nav>
  );
}

function SectionButton({ section, current, onClick }: { section: Section; current: boolean; onClick(): void }) {
  const done = section.decided === section.total;
  return (
    <button type="button" className={styles.section} aria-current={current || undefined} onClick={onClick}>
      <span className={styles.sectionName}>{section.name}</span>
      {section.failed > 0 && <span className={styles.sectionFailed} title={`${section.failed} fail`} role="img" aria-label={`${section.failed} fail`} />}
      {done && <IconCheck size={13} className={styles.sectionDone} role="img" aria-label="All decided" />}
      <span className={styles.sectionCount}>
        {section.decided}/{section.total}
      </span>
    </button>
  );
}

export function SectionSelect({ sections, value, onChange }: SectionNavProps) {
  const option = ({ name, decided, total }: Section): string => `${name} · ${decided}/${total}`;
  return (
    <NativeSelect
      className={styles.sectionSelect}
      aria-label="Section"
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      data={[
        { value: '', label: option(all(sections)) },
        ...sections.map((section) => ({ value: section.name, label: option(section) })),
      ]}
    />
  );
}
