// The audit: every change, by whom, from where, before and after; searched, verified and exported.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconHistory, IconLock } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { AuditShown } from '../../shared/audit.ts';
import { useApi } from '../app/api.ts';
import { Link } from '../app/Link.tsx';
import { useMay } from '../app/me.tsx';
import { useGo, useRoute } from '../app/routes.ts';
import { FilterBar } from '../components/FilterBar.tsx';
import { formatCount } from '../components/format.ts';
import { Details, EmptyState, Lines, PageHeader, Screen, SplitDetails } from '../components/layout.tsx';
import { ListTable } from '../components/ListTable.tsx';
import { useNow } from '../components/now.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { auditColumns } from './columns.tsx';
import { EntryPanel } from './EntryPanel.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import { auditFields, auditInput, fromFilter, isFiltered, toFilter, type Search } from './filters.ts';
import { useAudit, useEntry, type AuditList } from './useAudit.ts';
import { useVerification, VerificationNotice, VerifyButton } from './VerifyChain.tsx';
import styles from './audit.module.css';

const idOf = (entry: AuditShown): string => String(entry.seq);

export function AuditScreen() {
  const may = useMay('audit:read');
  return may.allowed ? <Audit /> : <Closed reason={may.reason} />;
}

/** For whoever was sent a link that their role does not open. */
function Closed({ reason }: { reason: string | null }) {
  return (
    <Screen>
      <PageHeader title="Audit" />
      <EmptyState
        icon={<IconLock size={28} stroke={1.4} />}
        title="The audit is not open to your role"
        actions={<Link to={{ place: 'overview' }} className={styles.button}>Go to the overview</Link>}
      >
        It holds every change of this workspace, by whom and from where. {reason} Ask one of them to look it up, or an owner for
        another role.
      </EmptyState>
    </Screen>
  );
}

function Audit() {
  const api = useApi();
  const go = useGo();
  const { id, search } = useRoute();
  const list = useAudit(search, true);
  const seq = id !== null && /^[1-9]\d{0,14}$/.test(id) ? Number(id) : null;
  const { entry, error } = useEntry(seq, list.rows);
  const facets = useQuery(api.audit.facets.queryOptions({}, { refetchOnMount: 'always' })).data;
  const now = useNow(60_000);
  const fields = useMemo(() => auditFields(facets, now), [facets, now]);
  const { verification, start, stop } = useVerification();

  const show = (next: { id?: string | null; search?: Search }): void => go({ place: 'audit', id, search, ...next }, { replace: true });
  const filtered = isFiltered(search);
  return (
    <Screen>
      <PageHeader
        title="Audit"
        aside={
          list.newer > 0 && (
            <button type="button" className={styles.newer} onClick={list.refresh}>
              {formatCount(list.newer)} newer · show
            </button>
          )
        }
        actions={
          <>
            <ExportMenu filter={auditInput(search)} filtered={filtered} />
            <VerifyButton running={verification?.state === 'running'} onStart={() => void start()} />
          </>
        }
      />
      {verification && <VerificationNotice verification={verification} onShow={(broken) => show({ id: String(broken) })} onClose={stop} />}
      <FilterBar
        label="Filter the audit"
        fields={fields}
        value={toFilter(search)}
        onChange={(filter) => show({ search: fromFilter(filter) })}
        aside={<Reach list={list} filtered={filtered} />}
      />
      <SplitDetails
        list={
          <ListTable
            label="Audit"
            columns={auditColumns}
            rows={list.rows}
            rowId={idOf}
            selectedId={id}
            onOpen={(row) => go({ place: 'audit', id: idOf(row), search }, { replace: id !== null })}
            error={list.error}
            onRetry={list.retry}
            hasMore={list.hasMore}
            onMore={list.more}
            empty={<Nothing list={list} filtered={filtered} onAll={() => show({ search: {} })} />}
            autoFocus
          />
        }
        details={
          id === null ? null : entry ? (
            <EntryPanel
              key={entry.seq}
              entry={entry}
              onAbout={(entityId) => show({ search: { entityId } })}
              onBy={(actor) => show({ search: { actor } })}
              onClose={() => show({ id: null })}
            />
          ) : (
            <Details label="Entry" onClose={() => show({ id: null })}>
              {seq === null ? (
                <EmptyState title="There is no such entry">Entries have numbers, from 1 up.</EmptyState>
              ) : error ? (
                <ProblemNotice error={error} advice="Choose one from the list." />
              ) : (
                <Lines />
              )}
            </Details>
          )
        }
      />
    </Screen>
  );
}

/** How far the search has come, at the end of the filter. */
function Reach({ list, filtered }: { list: AuditList; filtered: boolean }) {
  if (!list.rows || (list.hasMore && list.rows.length === 0 && !list.searching)) return null;
  if (filtered && list.hasMore && list.searchedTo !== null && list.searching) return `searching, down to entry ${formatCount(list.searchedTo)}…`;
  const count = formatCount(list.rows.length);
  if (list.hasMore) return `the newest ${count}`;
  return list.rows.length === 1 ? '1 entry' : `${count} entries`;
}

interface NothingProps {
  list: AuditList;
  filtered: boolean;
  onAll(): void;
}
function Nothing({ list, filtered, onAll }: NothingProps) {
  const icon = <IconHistory size={28} stroke={1.4} />;
  const to = formatCount(list.searchedTo ?? 1);
  if (list.hasMore && list.searching) {
    return <EmptyState icon={icon} title="Searching…">Nothing down to entry {to} yet. The search goes on with older ones.</EmptyState>;
  }
  if (list.hasMore) {
    return (
      <EmptyState
        icon={icon}
        title="Nothing so far"
        actions={
          <>
            <Button variant="filled" onClick={list.more}>Search further back</Button>
            <Button onClick={onAll}>Show all entries</Button>
          </>
        }
      >
        Nothing down to entry {to} matches. A time or a kind makes the search short.
      </EmptyState>
    );
  }
  if (filtered) {
    return (
      <EmptyState icon={icon} title="No entry matches" actions={<Button onClick={onAll}>Show all entries</Button>}>
        The whole log was searched. Names are matched in part, ids whole.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={icon} title="Nothing was changed yet">
      Every change of this workspace is kept here: who made it, from where, what was before and what is after. It cannot be
      altered without showing.
    </EmptyState>
  );
}
