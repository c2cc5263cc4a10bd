// Exports what the filter leaves to a file that the person chooses.
import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { AuditFilter } from '../../shared/audit.ts';
import { useBridge } from '../components/bridge.tsx';
import { formatCount } from '../components/format.ts';
import { notifyDone, notifyProblem } from '../components/notify.ts';

const formats = [
  { format: 'csv', label: 'CSV, for a spreadsheet' },
  { format: 'ndjson', label: 'NDJSON, one entry a line, with all values' },
] as const;

export function ExportMenu({ filter, filtered }: { filter: AuditFilter; filtered: boolean }) {
  const bridge = useBridge();
  const [saving, setSaving] = useState(false);
  const save = async (format: 'csv' | 'ndjson'): Promise<void> => {
    setSaving(true);
    try {
      const answer = await bridge.request('audit:export', { format, filter });
      if (!answer.ok) notifyProblem(answer.problem);
      else if (answer.saved !== null) notifyDone(`${formatCount(answer.saved)} ${answer.saved === 1 ? 'entry is' : 'entries are'} exported.`);
    } catch (cause) {
      notifyProblem(cause);
    } finally {
      setSaving(false);
    }
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button leftSection={<IconDownload size={14} />} loading={saving}>Export</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{filtered ? 'The entries that match' : 'All entries'}</Menu.Label>
        {formats.map(({ format, label }) => (
          <Menu.Item key={format} onClick={() => void save(format)}>{label}</Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
