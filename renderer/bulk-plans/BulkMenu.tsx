// What can be done to all tasks that the list's filter matches, to those that were chosen, or to one: each begins with a
// plan that is looked at first.
import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { IconChevronDown, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { actsOn, bulkActions, type BulkAction } from '../../shared/bulk-plan.ts';
import { type TaskState, type TaskSummary } from '../../shared/task.ts';
import { useMay } from '../app/me.tsx';
import { formatCount } from '../components/format.ts';
import { BulkDialog } from './BulkDialog.tsx';
import styles from './bulk-plans.module.css';

const labels: Record<BulkAction, string> = {
  retry: 'Retry…',
  cancel: 'Cancel…',
  reassign: 'Give to another agent…',
  reprioritise: 'Change the priority…',
  pause: 'Hold…',
  delete: 'Delete…',
};

interface BulkMenuProps {
  /** As the tasks' list is asked. */
  filter: Record<string, unknown>;
  /** Tasks that match; null: not known yet. */
  matching: number | null;
  /** Those that were chosen one by one: then they are meant, and not all that match. */
  chosen?: ReadonlySet<string>;
  onClear?(): void;
}
export function BulkMenu({ filter, matching, chosen = NONE, onClear }: BulkMenuProps) {
  const some = chosen.size > 0;
  return (
    <span className={styles.menu}>
      <ActionMenu
        label={some ? `${formatCount(chosen.size)} chosen` : 'All matching'}
        names={bulkActions}
        filter={some ? { ids: [...chosen] } : filter}
        refusal={some || matching !== 0 ? null : 'No task matches the filter.'}
      />
      {some && (
        <Tooltip label="Choose none (Esc)">
          <ActionIcon aria-label="Choose none" onClick={onClear}>
            <IconX size={14} />
          </ActionIcon>
        </Tooltip>
      )}
    </span>
  );
}
const NONE: ReadonlySet<string> = new Set();

/** Those of a task's own buttons. */
const elsewhere: ReadonlySet<BulkAction> = new Set(['retry', 'cancel']);

/** What else can be done with one task. */
export function TaskMenu({ task }: { task: Pick<TaskSummary, 'id' | 'state' | 'planId' | 'heldBy' | 'deletedAt'> }) {
  const names = bulkActions.filter(
    (name) =>
      !elsewhere.has(name) &&
      (actsOn[name] as readonly TaskState[]).includes(task.state) &&
      !(name === 'pause' && task.heldBy !== null) &&
      !(name === 'delete' && task.planId !== null),
  );
  const refusal = names.length > 0 && task.deletedAt === null ? null : 'There is nothing else to do with it now.';
  return <ActionMenu label="More" names={names} filter={{ ids: [task.id] }} refusal={refusal} />;
}

interface ActionMenuProps {
  label: string;
  names: readonly BulkAction[];
  filter: Record<string, unknown>;
  /** Why nothing can be done; null: something can. */
  refusal: string | null;
}
function ActionMenu({ label, names, filter, refusal: given }: ActionMenuProps) {
  const [action, setAction] = useState<BulkAction | null>(null);
  const may = useMay('tasks:operate');
  const refusal = may.reason ?? given;
  const button = (
    <Button
      rightSection={<IconChevronDown size={13} aria-hidden />}
      aria-disabled={refusal !== null || undefined}
      data-disabled={refusal !== null || undefined}
      onClick={refusal === null ? undefined : (event) => event.preventDefault()}
    >
      {label}
    </Button>
  );
  return (
    <>
      {refusal === null ? (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>{button}</Menu.Target>
          <Menu.Dropdown>
            {names.map((name) => (
              <Menu.Item key={name} onClick={() => setAction(name)}>
                {labels[name]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : (
        <Tooltip label={refusal} events={{ hover: true, focus: true, touch: true }}>
          {button}
        </Tooltip>
      )}
      {action !== null && <BulkDialog key={action} action={action} filter={filter} onClose={() => setAction(null)} />}
    </>
  );
}
