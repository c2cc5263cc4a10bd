// What is kept: where it lies on this computer, how much of it by kind, and how long what may be let go is kept.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconFolderOpen } from '@tabler/icons-react';
import type { DataInfo } from '../../shared/keeping.ts';
import type { StorageKind, StoredKind } from '../../shared/workspace.ts';
import { useApi } from '../app/api.ts';
import { useBridge } from '../components/bridge.tsx';
import { formatBytes, formatCount } from '../components/format.ts';
import { Panel } from '../components/layout.tsx';
import { CopyField } from '../components/output.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { Age } from '../components/values.tsx';
import { RetentionForm } from './RetentionForm.tsx';
import { useDataInfo } from './useDataInfo.ts';
import styles from './settings.module.css';

const diskWords: Record<DataInfo['kinds'][number]['kind'], string> = {
  database: 'Database',
  logs: 'Logs',
  kept: 'Kept aside by a restore',
  other: 'Keys and small files',
};

export function Data() {
  const info = useDataInfo();
  return (
    <>
      {info.data !== null && (
        <Panel title="On this computer" aside={info.data?.freeBytes == null ? undefined : `${formatBytes(info.data.freeBytes)} free`}>
          {info.problem && <ProblemNotice error={info.problem} onRetry={() => void info.ask()} />}
          {info.data && <Folder info={info.data} />}
          {info.busy && info.data === undefined && <p className="dim">Counting…</p>}
        </Panel>
      )}
      <Stored />
      <RetentionForm />
    </>
  );
}

function Folder({ info }: { info: DataInfo }) {
  const bridge = useBridge();
  const total = info.kinds.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <>
      <div className={styles.inline}>
        <div className="grow"><CopyField text={info.folder} label="Data folder" /></div>
        <Button leftSection={<IconFolderOpen size={14} />} onClick={() => void bridge.request('data:show')}>Show in folder</Button>
      </div>
      <table className={styles.table}>
        <caption className="hidden-visually">Bytes on the disk by kind</caption>
        <tbody>
          {info.kinds.map(({ kind, bytes }) => (
            <tr key={kind}>
              <th scope="row">{diskWords[kind]}</th>
              <td className="figures">{formatBytes(bytes)}</td>
            </tr>
          ))}
          <tr className={styles.total}>
            <th scope="row">In total</th>
            <td className="figures">{formatBytes(total)}</td>
          </tr>
        </tbody>
      </table>
    </>
  );
}

const kindWords: Record<StorageKind, readonly [string, string]> = {
  tasks: ['Tasks', 'kept for ever'],
  attempts: ['Attempts', 'kept for ever'],
  findings: ['Findings', 'kept for ever'],
  plans: ['Plans', 'kept for ever'],
  agents: ['Agents and providers', 'kept for ever'],
  audit: ['Audit log', 'kept for ever'],
  events: ['Events', 'as set below'],
  usage: ['Usage', 'kept for ever'],
  metrics: ['Metric samples', 'kept for 7 days'],
  reviews: ['Security reviews', 'kept for ever'],
  other: ['Keys, settings and the rest', 'kept for ever'],
};

function Stored() {
  const api = useApi();
  const found = useQuery(api.workspace.storage.queryOptions({}, { staleTime: 0 }));
  return (
    <Panel title="In this workspace" aside="counted now">
      {found.error && <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <p className="dim">Counting…</p>}
      {found.data && <Kinds items={found.data.items} />}
    </Panel>
  );
}

function Kinds({ items }: { items: StoredKind[] }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must take the keyboard
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="What the workspace holds">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col" className={styles.right}>Rows</th>
            <th scope="col" className={styles.right}>Size</th>
            <th scope="col" className={styles.right}>Oldest</th>
            <th scope="col">Retention</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ kind, rows, bytes, oldestAt }) => (
            <tr key={kind}>
              <th scope="row">{kindWords[kind][0]}</th>
              <td className="figures">{formatCount(rows)}</td>
              <td className="figures">{formatBytes(bytes)}</td>
              <td>{oldestAt === null ? <span className="faint">–</span> : <Age since={oldestAt} />}</td>
              <td className={styles.words}>{kindWords[kind][1]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
