// What is in a backup, as a person decides by it.
import type { BackupContents } from '../../shared/backup.ts';
import { formatBytes, formatCount, formatExact, formatPlural } from '../components/format.ts';
import { Fields } from '../components/output.tsx';
import { Chip } from '../components/values.tsx';
import styles from './backup.module.css';

export function Contents({ contents }: { contents: BackupContents }) {
  const { createdAt, program, databaseVersion, workspaces, people, rows, tables, databaseBytes, fileBytes } = contents;
  return (
    <div className={styles.contents}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must take the keyboard */}
      <ul className={styles.workspaces} aria-label="Workspaces in the backup" tabIndex={0}>
        {workspaces.map((workspace) => (
          <li key={workspace.id}>
            <span className={styles.name}>
              <b className="ellipsis" title={workspace.name}>{workspace.name}</b>
              {workspace.demo && <Chip>demo</Chip>}
            </span>
            <span className="dim small">
              {formatPlural(workspace.agents, 'agent')}, {formatPlural(workspace.tasks, 'task')},{' '}
              {formatPlural(workspace.plans, 'plan')}
            </span>
          </li>
        ))}
        {workspaces.length === 0 && <li className="dim">No workspace.</li>}
      </ul>
      <Fields
        rows={[
          ['Made', formatExact(createdAt)],
          ['By', `Signalbox ${program}, database version ${databaseVersion.platform}.${databaseVersion.tenant}`],
          ['Holds', `${formatCount(rows)} rows in ${formatPlural(tables, 'table')}, ${formatPlural(people, 'account')}, and the master key`],
          ['Size', `${formatBytes(fileBytes)}, ${formatBytes(databaseBytes)} unpacked`],
        ]}
      />
    </div>
  );
}
