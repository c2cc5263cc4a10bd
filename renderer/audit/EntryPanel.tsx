// One entry beside the list: who did what from where, what changed, and the whole of it on demand.
import { useState } from 'react';
import type { AuditShown } from '../../shared/audit.ts';
import { Link } from '../app/Link.tsx';
import { formatExact } from '../components/format.ts';
import { Details } from '../components/layout.tsx';
import { CopyButton, Fields, JsonView } from '../components/output.tsx';
import { Id } from '../components/values.tsx';
import { changesOf, type Change } from './changes.ts';
import { What } from './columns.tsx';
import { actorKind, entityLabel, originWords, placeOf, wordsOf } from './words.ts';
import styles from './audit.module.css';

interface EntryPanelProps {
  entry: AuditShown;
  /** Shows all entries about the same thing, or by the same actor. */
  onAbout(entityId: string): void;
  onBy(actor: string): void;
  onClose(): void;
}
export function EntryPanel({ entry, onAbout, onBy, onClose }: EntryPanelProps) {
  const [whole, setWhole] = useState(false);
  const to = placeOf(entry);
  const changes = changesOf(entry);
  return (
    <Details
      label={`Entry ${entry.seq}`}
      head={
        <>
          <span className="figures dim">Entry {entry.seq}</span>
          <span className="grow" />
          <CopyButton text={JSON.stringify(entry, null, 2)} label="entry" />
        </>
      }
      onClose={onClose}
      footer={
        <>
          {to && <Link to={to} className={styles.button}>Open the {entityLabel(entry.entity).toLowerCase()}</Link>}
          <button type="button" className={styles.button} onClick={() => onAbout(entry.entityId)}>All about it</button>
          <button type="button" className={styles.button} onClick={() => onBy(entry.actor.name)}>All by {entry.actor.kind === 'system' ? 'Signalbox' : 'them'}</button>
        </>
      }
    >
      <h2 className={styles.heading}>{wordsOf(entry)}</h2>
      <Fields
        rows={[
          ['When', <time key="at" className="figures" dateTime={entry.at}>{formatExact(entry.at)}</time>],
          ['Who', <span key="who">{entry.actor.name} <span className="dim">({actorKind(entry.actor.kind)})</span></span>],
          ['What', <What key="what" entry={entry} plain />],
          ['Its id', <Id key="id" id={entry.entityId} />],
          ['From', originWords(entry.origin) === entry.origin ? entry.origin : <span key="from">{originWords(entry.origin)} <span className="dim">({entry.origin})</span></span>],
          ['Recorded as', <span key="action" className="mono">{entry.action}</span>],
        ]}
      />
      <Changes entry={entry} changes={changes} />
      <details className={styles.whole} open={whole} onToggle={(event) => setWhole(event.currentTarget.open)}>
        <summary>The whole entry</summary>
        {whole && <JsonView value={entry} maxHeight={320} />}
      </details>
    </Details>
  );
}

/** Side by side what it was and what it is, the changed fields only; then what was noted with them. */
function Changes({ entry, changes }: { entry: AuditShown; changes: readonly Change[] }) {
  if (changes.length === 0) return <p className="dim">No values were recorded with it.</p>;
  const both = entry.before !== null && entry.after !== null;
  const changed = changes.filter(({ noted }) => both && !noted);
  const noted = changes.filter((change) => !changed.includes(change));
  return (
    <>
      {changed.length > 0 && (
        <table className={styles.changes}>
          <thead>
            <tr>
              <th scope="col">Changed</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {changed.map((change) => (
              <tr key={change.field}>
                <th scope="row" title={change.field}>{change.label}</th>
                <td className={styles.before}><Value text={change.before} /></td>
                <td><Value text={change.after} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {noted.length > 0 && (
        <table className={styles.changes}>
          <thead>
            <tr>
              <th scope="col">{both ? 'Noted with it' : entry.after === null ? 'What it was' : 'As it was made'}</th>
              <th scope="col"><span className="hidden-visually">Value</span></th>
            </tr>
          </thead>
          <tbody>
            {noted.map((change) => (
              <tr key={change.field}>
                <th scope="row" title={change.field}>{change.label}</th>
                <td><Value text={change.after ?? change.before} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Value({ text }: { text: string | null }) {
  return text === null ? <span className="faint">–</span> : <span>{text}</span>;
}
