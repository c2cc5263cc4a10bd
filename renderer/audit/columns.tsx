// The columns of the audit: when, who, what was done, to what, from where.
import type { AuditShown } from '../../shared/audit.ts';
import { Link } from '../app/Link.tsx';
import { shortId } from '../components/format.ts';
import type { ListColumn } from '../components/ListTable.tsx';
import { Time } from '../components/values.tsx';
import { entityLabel, originWords, placeOf, wordsOf } from './words.ts';
import styles from './audit.module.css';

export const auditColumns: readonly ListColumn<AuditShown>[] = [
  { id: 'at', header: 'When', width: 96, cell: (entry) => <Time value={entry.at} /> },
  { id: 'who', header: 'Who', width: 150, cell: (entry) => <Who entry={entry} /> },
  { id: 'did', header: 'Did', width: 190, grow: true, cell: (entry) => wordsOf(entry) },
  { id: 'what', header: 'To what', width: 180, grow: true, hideBelow: 560, cell: (entry) => <What entry={entry} /> },
  { id: 'origin', header: 'From', width: 110, hideBelow: 760, cell: (entry) => originWords(entry.origin) },
  { id: 'seq', header: 'Entry', width: 76, align: 'right', hideBelow: 900, cell: (entry) => <span className="figures faint">{entry.seq}</span> },
];

function Who({ entry: { actor } }: { entry: AuditShown }) {
  return (
    <span className={actor.kind === 'system' ? 'ellipsis dim' : 'ellipsis'} title={actor.name}>
      {actor.name}
    </span>
  );
}

/** What it is, and its name as a link to it. */
export function What({ entry, plain }: { entry: AuditShown; plain?: boolean }) {
  const to = placeOf(entry);
  // It is recorded of the session that it began.
  const kind = entry.action === 'auth.register' ? 'workspace' : entry.entity;
  const name = entry.name ?? (entry.entity === 'workspace' || entry.entity === 'session' ? null : shortId(entry.entityId));
  return (
    <span className={styles.what}>
      <span className="dim">{entityLabel(kind)}</span>
      {name !== null &&
        (to ? (
          <Link
            to={to}
            className={styles.whatLink}
            title={name}
            tabIndex={plain ? undefined : -1}
            onClick={(event) => event.stopPropagation()}
          >
            {name}
          </Link>
        ) : (
          <span className="ellipsis" title={name}>{name}</span>
        ))}
    </span>
  );
}
