// What can be done to all tasks that the list's filter matches: each begins with a plan that is looked at first.
import { Button, Menu, Tooltip } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { bulkActions, type BulkAction } from '../../shared/bulk-plan.ts';
import { useMay } from '../app/me.tsx';
import { BulkDialog } from './BulkDialog.tsx';

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
}
export function BulkMenu({ filter, matching }: BulkMenuProps) {
  const [action, setAction] = useState<BulkAction | null>(null);
  const may = useMay('tasks:operate');
  const none = matching === 0;
  const refusal = may.reason ?? (none ? 'No task matches the filter.' : null);
  const button = (
    <Button
      rightSection={<IconChevronDown size={13} aria-hidden />}
      aria-disabled={refusal !== null || undefined}
      data-disabled={refusal !== null || undefined}
      onClick={refusal === null ? undefined : (event) => event.preventDefault()}
    >
      All matching
    </Button>
  );
  return (
    <>
      {refusal === null ? (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>{button}</Menu.Target>
          <Menu.Dropdown>
            {bulkActions.map((name) => (
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
