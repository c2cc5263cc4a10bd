// Settings: the list of sections, and beside it the one that is open.
import { useEffect, useRef } from 'react';
import { Link } from '../app/Link.tsx';
import { useRoute } from '../app/routes.ts';
import { PageHeader, Screen } from '../components/layout.tsx';
import { sectionList, type SectionId } from './sectionList.ts';
import { sections } from './sections.ts';
import styles from './settings.module.css';

export function SettingsScreen() {
  const { id } = useRoute();
  const open = sectionList.find((section) => section.id === id) ?? sectionList[0];
  const { Section } = sections[open.id];
  const list = useRef<HTMLElement>(null);
  // In a narrow window the list is a strip, of which the open section may lie outside.
  useEffect(() => {
    list.current?.querySelector(`[href$="/${open.id}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [open.id]);
  return (
    <Screen>
      <PageHeader title="Settings" />
      <div className={styles.settings}>
        <nav ref={list} className={styles.list} aria-label="Sections of the settings">
          {sectionList.map(({ id: section, label }) => (
            <Link
              key={section}
              to={{ place: 'settings', id: section }}
              className={styles.item}
              aria-current={section === open.id ? 'page' : undefined}
              onFocus={(event) => event.currentTarget.scrollIntoView({ block: 'nearest', inline: 'nearest' })}
            >
              <SectionIcon id={section} />
              <span>{label}</span>
            </Link>
          ))}
        </nav>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must take the keyboard */}
        <div key={open.id} className={styles.section} role="region" aria-label={open.label} tabIndex={0}>
          <div className={styles.column}>
            <Section />
          </div>
        </div>
      </div>
    </Screen>
  );
}

function SectionIcon({ id }: { id: SectionId }) {
  const { icon: Icon } = sections[id];
  return <Icon size={15} stroke={1.7} aria-hidden />;
}
