// The items of a review in rows of whole sentences. Each is drawn once and again only when its own item changes; what
// is out of sight is laid out by the browser when it comes near.
import { IconEye, IconNote, IconUser } from '@tabler/icons-react';
import { memo, useEffect, useId, useMemo, useRef, type KeyboardEvent, type ReactNode, type Ref } from 'react';
import type { ReviewItem } from '../../shared/review.ts';
import { moveActive } from '../components/listKeys.ts';
import { initialsOf } from '../components/values.tsx';
import { sectionsOf, shownVerdict, type Section } from './reviewView.ts';
import { VerdictBadge } from './VerdictBadge.tsx';
import styles from './reviews.module.css';

const ROWS_A_PAGE = 8;

interface ItemRowsProps {
  rows: readonly ReviewItem[];
  /** The whole review, for the figures of the sections. */
  items: readonly ReviewItem[];
  selected: string | null;
  conflicts: ReadonlySet<string>;
  /** Items whose note is written and not saved. */
  unsaved: ReadonlySet<string>;
  onSelect(ref: string): void;
  /** Enter: into the note of the selected row. */
  onEnter(): void;
  empty: ReactNode;
  ref?: Ref<HTMLDivElement>;
}

export function ItemRows({ rows, items, selected, conflicts, unsaved, onSelect, onEnter, empty, ref }: ItemRowsProps) {
  const gridId = useId();
  const scroller = useRef<HTMLDivElement | null>(null);
  const active = rows.findIndex((row) => row.ref === selected);
  const figures = useMemo(() => new Map(sectionsOf(items).map((section) => [section.name, section])), [items]);
  const groups = useMemo(() => [...Map.groupBy(rows, (row) => row.section)], [rows]);
  useEffect(() => {
    if (selected === null) return;
    scroller.current?.querySelector(`[data-ref="${CSS.escape(selected)}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      // Neither of them decides anything: Space opens the row, Enter goes on into its note.
      event.preventDefault();
      const row = rows[Math.max(0, active)];
      if (!row) return;
      if (active < 0) onSelect(row.ref);
      else if (event.key === 'Enter') onEnter();
      return;
    }
    // J and K lead to what is open, over the whole screen.
    if (event.key === 'j' || event.key === 'k') return;
    const next = moveActive(event.key, active, { count: rows.length, page: ROWS_A_PAGE });
    const row = next === null ? undefined : rows[next];
    if (!row) return;
    event.preventDefault();
    onSelect(row.ref);
  };

  return (
    <div className={styles.frame}>
      <div
        ref={(element) => {
          scroller.current = element;
          if (typeof ref === 'function') ref(element);
          else if (ref) ref.current = element;
        }}
        className={styles.scroller}
        role="grid"
        tabIndex={0}
        aria-label="Items"
        aria-rowcount={rows.length + groups.length}
        aria-colcount={4}
        aria-activedescendant={active >= 0 ? `${gridId}-${rows[active]?.ref}` : undefined}
        onKeyDown={onKeyDown}
      >
        {groups.map(([name, members]) => (
          <div key={name} role="rowgroup">
            <SectionRow name={name} section={figures.get(name)} />
            {members.map((row) => (
              <ItemRow
                key={row.ref}
                id={`${gridId}-${row.ref}`}
                item={row}
                selected={row.ref === selected}
                conflict={conflicts.has(row.ref)}
                unsaved={unsaved.has(row.ref)}
                onSelect={onSelect}
              />
            ))}
          </div>
        ))}
      </div>
      {rows.length === 0 && <div className={styles.message}>{empty}</div>}
    </div>
  );
}

function SectionRow({ name, section }: { name: string; section: Section | undefined }) {
  return (
    <div role="row" className={styles.sectionRow}>
      <span role="rowheader" className="ellipsis">
        {name}
      </span>
      {section && (
        <span role="gridcell" className="figures">
          {section.decided} of {section.total}
        </span>
      )}
    </div>
  );
}

interface ItemRowProps {
  id: string;
  item: ReviewItem;
  selected: boolean;
  conflict: boolean;
  unsaved: boolean;
  onSelect(ref: string): void;
}
const ItemRow = memo(function ItemRow({ id, item, selected, conflict, unsaved, onSelect }: ItemRowProps) {
  const who = item.decidedBy ?? item.assignee;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid takes the keys for its rows
    <div
      id={id}
      role="row"
      className={styles.row}
      data-ref={item.ref}
      data-conflict={conflict || undefined}
      aria-selected={selected}
      onClick={() => onSelect(item.ref)}
    >
      <span role="gridcell" className={styles.ref}>
        {item.ref}
      </span>
      <span role="gridcell" className={styles.text} data-new={item.lookedAt === null || undefined}>
        {item.text}
      </span>
      <span role="gridcell">
        {conflict ? <b className={styles.conflictWord}>Choose</b> : <VerdictBadge verdict={shownVerdict(item)} />}
      </span>
      <span role="gridcell" className={styles.marks}>
        {who && (
          <span className={styles.mark} role="img" aria-label={item.decidedBy ? `Decided by ${who.name}` : `Assigned to ${who.name}`} title={who.name} data-assigned={item.decidedBy === null || undefined}>
            {item.decidedBy ? initialsOf(who.name) : <IconUser size={11} aria-hidden />}
          </span>
        )}
        {unsaved ? (
          <IconNote size={14} role="img" aria-label="Has a note that is not saved" className={styles.unsaved} />
        ) : (
          item.note.trim() !== '' && <IconNote size={14} role="img" aria-label="Has a note" />
        )}
        {item.lookedAt !== null && item.verdict === null && <IconEye size={14} role="img" aria-label="Looked at" />}
      </span>
    </div>
  );
});
