// The window's shape while the backend starts, so that nothing jumps when it is there.
import { Loader } from '@mantine/core';
import { nouns, settings } from '../app/nouns.tsx';
import { useStatus } from '../app/status.tsx';
import { TitleBarFrame } from '../app/TitleBar.tsx';
import { Switcher } from '../connections/index.ts';
import shell from '../app/Shell.module.css';
import styles from './session.module.css';

export function Starting({ what }: { what: string }) {
  const { connection } = useStatus().status;
  return (
    <div className={shell.window}>
      <TitleBarFrame tenant={<Switcher workspace={null} settings={false} />} freshness={<span className={shell.fresh}>starting…</span>}>
        <div className={shell.omni} aria-hidden />
      </TitleBarFrame>
      <div className={shell.rail} aria-hidden>
        {nouns.map(({ place, label, icon: Icon }) => (
          <span key={place} className={shell.item}>
            <Icon size={16} stroke={1.7} />
            <span>{label}</span>
          </span>
        ))}
        <hr className={shell.rule} />
        <span className={shell.item}>
          <settings.icon size={16} stroke={1.7} />
          <span>{settings.label}</span>
        </span>
      </div>
      <main className={styles.starting}>
        <Loader size={18} color="var(--accent)" aria-hidden />
        <span className="dim" role="status">{what}</span>
      </main>
      <footer className={shell.status}>
        <span>{connection.name}</span>
      </footer>
    </div>
  );
}
