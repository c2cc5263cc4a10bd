// The menu of a list's columns: which are shown, in which order; every step by keyboard too.
import { ActionIcon, Button, Checkbox, Popover, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconColumns3 } from '@tabler/icons-react';
import { useState } from 'react';
import type { ListLayout } from '../../shared/preferences.ts';
import { useAction } from './actions.tsx';
import { inOrder, isPlain, moved, plainLayout, withHidden } from './listLayout.ts';
import styles from './ListTable.module.css';

interface Column {
  id: string;
  header: string;
  hideBelow?: number;
}
interface ColumnMenuProps {
  /** Of the list: "Tasks". */
  label: string;
  columns: readonly Column[];
  layout: ListLayout;
  /** Those that are drawn now: others may lack the room. */
  shown: readonly { id: string }[];
  onChange(layout: ListLayout): void;
}
export function ColumnMenu({ label, columns, layout, shown, onChange }: ColumnMenuProps) {
  const [opened, setOpened] = useState(false);
  useAction('list.columns', () => setOpened(true));
  const ordered = inOrder(columns, layout);
  const visible = ordered.filter(({ id }) => !layout.hidden.includes(id));
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" offset={2} trapFocus withRoles={false} returnFocus>
      <Popover.Target>
        <Tooltip label="Columns">
          <ActionIcon
            className={styles.columnsButton}
            size={24}
            aria-label={`Columns of ${label}`}
            aria-haspopup="dialog"
            aria-expanded={opened}
            onClick={() => setOpened(!opened)}
          >
            <IconColumns3 size={14} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={styles.columnMenu} role="dialog" aria-label={`Columns of ${label}`}>
        <ul>
          {ordered.map((column, index) => {
            const isShown = !layout.hidden.includes(column.id);
            const lacksRoom = isShown && !shown.some(({ id }) => id === column.id);
            return (
              <li key={column.id}>
                <Checkbox
                  size="xs"
                  label={column.header || column.id}
                  description={lacksRoom ? 'no room now' : undefined}
                  checked={isShown}
                  disabled={isShown && visible.length === 1}
                  onChange={(event) => onChange(withHidden(layout, column.id, !event.currentTarget.checked))}
                />
                <ActionIcon
                  aria-label={`Move ${column.header} to the left`}
                  disabled={index === 0}
                  onClick={() => onChange(moved(columns, layout, { id: column.id, by: -1 }))}
                >
                  <IconArrowUp size={13} />
                </ActionIcon>
                <ActionIcon
                  aria-label={`Move ${column.header} to the right`}
                  disabled={index === ordered.length - 1}
                  onClick={() => onChange(moved(columns, layout, { id: column.id, by: 1 }))}
                >
                  <IconArrowDown size={13} />
                </ActionIcon>
              </li>
            );
          })}
        </ul>
        <Button fullWidth disabled={isPlain(layout)} onClick={() => onChange({ ...plainLayout, sort: layout.sort })}>
          As at first
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
