// The findings: what agents reported, newest first; urgent ones are acknowledged by a person.
import { Button } from '@mantine/core';
import { IconNote, IconX } from '@tabler/icons-react';
import type { Finding } from '../../shared/finding.ts';
import { Link } from '../app/Link.tsx';
import { useMay } from '../app/me.tsx';
import { useGo, useRoute } from '../app/routes.ts';
import { formatCount, formatPlural } from '../components/format.ts';
import { useAction } from '../components/actions.tsx';
import { Details, EmptyState, Lines, PageHeader, Screen, Segments, SplitDetails } from '../components/layout.tsx';
import { ListTable } from '../components/ListTable.tsx';
import { pagesOf } from '../components/ListWithDetails.tsx';
import { severityWords } from '../components/SeverityBadge.tsx';
import { findingColumns, needsPerson } from './columns.tsx';
import { FindingPanel } from './FindingPanel.tsx';
import { PlanName } from './PlanName.tsx';
import { severityOf, useAcknowledge, useFindings } from './useFindings.ts';
import styles from './findings.module.css';

const idOf = (finding: Finding): string => finding.id;
const views = [
  { value: '', label: 'All' },
  { value: 'urgent', label: severityWords.urgent },
  { value: 'warning', label: severityWords.warning },
  { value: 'info', label: severityWords.info },
];

export function FindingsScreen() {
  const go = useGo();
  const { id, search } = useRoute();
  const { query, rows, place, open } = useFindings(search, id);
  const acknowledge = useAcknowledge(search);
  const may = useMay('tasks:operate').allowed;
  const severity = severityOf(search);
  const acknowledgeable = open !== undefined && may && needsPerson(open);
  useAction('finding.acknowledge', acknowledgeable ? () => acknowledge.mutate({ id: open.id }) : null);
  const show = (next: { id?: string | null; search?: Record<string, string | undefined> }): void =>
    go({ place: 'findings', id, search, ...next }, { replace: true });
  const close = (): void => show({ id: null });
  return (
    <Screen>
      <PageHeader
        title="Findings"
        aside={
          <>
            <Segments label="Severity" options={views} value={severity ?? ''} onChange={(value) => show({ search: { ...search, severity: value || undefined } })} />
            {search.planId && (
              <span className={styles.scope}>
                of <PlanName id={search.planId} />
                <button type="button" aria-label="Findings of all plans" onClick={() => show({ search: { ...search, planId: undefined } })}>
                  <IconX size={11} />
                </button>
              </span>
            )}
          </>
        }
        actions={
          rows && rows.length > 0 && (
            <span className="dim figures">
              {query.hasNextPage ? `the newest ${formatCount(rows.length)}` : formatPlural(rows.length, 'finding')}
            </span>
          )
        }
      />
      <SplitDetails
        list={
          <ListTable
            label="Findings"
            columns={findingColumns}
            rows={rows}
            rowId={idOf}
            selectedId={id}
            onOpen={(finding) => go({ place: 'findings', id: finding.id, search }, { replace: id !== null })}
            {...pagesOf(query)}
            empty={<Nothing narrowed={severity !== undefined || Boolean(search.planId)} onAll={() => show({ search: {} })} />}
            autoFocus
          />
        }
        details={
          id === null ? null : open ? (
            <FindingPanel finding={open} busy={acknowledge.isPending} onAcknowledge={() => acknowledge.mutate({ id: open.id })} onClose={close} />
          ) : (
            <Details label="Finding" onClose={close}>
              {place === 'nowhere' ? (
                <EmptyState
                  title="It is not among these"
                  actions={severity || search.planId ? <Button onClick={() => show({ search: {} })}>Look among all findings</Button> : undefined}
                >
                  {severity || search.planId ? 'The filter may hide it.' : 'It may have been removed with its task, or belongs to another workspace.'}
                </EmptyState>
              ) : (
                query.error ? <p className="dim">It comes with the list, which could not be read.</p> : <Lines />
              )}
            </Details>
          )
        }
      />
    </Screen>
  );
}

function Nothing({ narrowed, onAll }: { narrowed: boolean; onAll(): void }) {
  const icon = <IconNote size={28} stroke={1.4} />;
  if (narrowed) {
    return (
      <EmptyState icon={icon} title="None of these" actions={<Button onClick={onAll}>Show all findings</Button>}>
        Nothing of this kind was reported. New ones come in here by themselves.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={icon} title="No findings yet" actions={<Link to={{ place: 'plans', search: { import: '1' } }} className={styles.button}>Import a plan</Link>}>
      While an agent works it reports what it notices beside its output: an info, a warning, or something urgent that needs a person.
      Findings are shared across the agents of a plan. Let a plan or a task run, and they come in here.
    </EmptyState>
  );
}
