// A plan at work: its graph or its tasks, what counts as done, and what its agents found out.
import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconArrowLeft } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import type { Plan } from '../../shared/plan.ts';
import { useApi } from '../app/api.ts';
import { useGo, useRoute } from '../app/routes.ts';
import { CopyLink } from '../components/CopyLink.tsx';
import { PageHeader, Panel, Screen, Segments, SplitDetails, Tabs } from '../components/layout.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { StateBadge, StateShape } from '../components/StateBadge.tsx';
import { Chip, SimulatedMark } from '../components/values.tsx';
import { TaskBeside } from '../tasks/index.ts';
import { PlanActions } from './PlanActions.tsx';
import { PlanGraph } from './PlanGraph.tsx';
import { PlanReport } from './PlanReport.tsx';
import { BudgetsOf } from '../budgets/index.ts';
import { Criteria, PlanAudit, SharedFindings } from './PlanSide.tsx';
import { PlanTasks } from './PlanTasks.tsx';
import { cardOf, floorNote, termsOf } from './planView.ts';
import styles from './plans.module.css';

const views = [
  { value: 'graph', label: 'Graph' },
  { value: 'list', label: 'List' },
] as const;

export function PlanPage({ id }: { id: string }) {
  const api = useApi();
  const go = useGo();
  const query = useQuery(api.plans.get.queryOptions({ id }));
  if (query.error && !query.data) {
    return (
      <Screen>
        <PageHeader
          title="Plan"
          actions={
            <Button leftSection={<IconArrowLeft size={14} />} onClick={() => go({ place: 'plans' })}>
              Plans
            </Button>
          }
        />
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      </Screen>
    );
  }
  return query.data ? <Loaded plan={query.data} /> : <Loading />;
}

function Loaded({ plan }: { plan: Plan }) {
  const go = useGo();
  const { search } = useRoute();
  const narrow = useMediaQuery('(max-width: 1099px)', false, { getInitialValueInEffect: false }) ?? false;
  const view = search.view === 'list' ? 'list' : 'graph';
  const step = plan.tasks.find(({ key }) => key === search.step);
  const show = (change: Record<string, string | undefined>): void =>
    go({ place: 'plans', id: plan.id, search: { ...search, ...change } }, { replace: true });
  const work =
    view === 'graph' ? (
      <Work plan={plan} selected={step?.key ?? null} onOpen={(key) => show({ step: key })} />
    ) : (
      <PlanTasks tasks={plan.tasks} selected={step?.key ?? null} onOpen={(key) => show({ step: key })} />
    );
  const close = (): void => {
    show({ step: undefined });
    // The keys go on from the node that was open.
    if (step)
      requestAnimationFrame(() =>
        document
          .querySelector<HTMLElement>(`[data-card="${CSS.escape(step.key)}"]`)
          ?.focus({ preventScroll: true }),
      );
  };
  const details = step && <TaskBeside id={step.id} onClose={close} />;
  const side = (
    <Panel fill label="Criteria and findings">
      <Criteria criteria={plan.successCriteria} simulated={plan.simulated} />
      <BudgetsOf planId={plan.id} className={styles.side} />
      <SharedFindings plan={plan} />
      <PlanAudit id={plan.id} />
    </Panel>
  );
  return (
    <Screen>
      <PageHeader
        title={plan.name}
        aside={
          <>
            <StateBadge state={plan.state} />
            <span className={styles.terms}><Chip>{termsOf(plan)}</Chip></span>
            {plan.simulated && <SimulatedMark />}
            <CopyLink />
          </>
        }
        actions={
          <>
            <Segments
              label="View"
              options={views}
              value={view}
              onChange={(value) => show({ view: value === 'graph' ? undefined : value })}
            />
            <PlanActions plan={plan} onReport={() => show({ report: '1' })} />
          </>
        }
      />
      <Floor plan={plan} />
      {narrow ? (
        <Narrow plan={plan} work={work} details={details} />
      ) : (
        // One tree with and without details, so that the graph stays as it is zoomed.
        <div className={styles.page} data-open={details !== undefined || undefined}>
          <div className={styles.work}>{work}</div>
          {details ?? side}
        </div>
      )}
      {search.report === '1' && <PlanReport plan={plan} onClose={() => show({ report: undefined })} />}
    </Screen>
  );
}

function Work({
  plan,
  selected,
  onOpen,
}: {
  plan: Plan;
  selected: string | null;
  onOpen(key: string): void;
}) {
  const cards = useMemo(() => plan.tasks.map(cardOf), [plan.tasks]);
  return (
    <Panel flush fill label="Graph">
      <PlanGraph cards={cards} label={`Graph of ${plan.name}`} selected={selected} onOpen={onOpen} />
    </Panel>
  );
}

/** One line: the floor holds, or why it does not. */
function Floor({ plan }: { plan: Plan }) {
  const note = floorNote(plan);
  if (!note) return null;
  return (
    <p className={styles.floor} data-tone={note.tone} role="status">
      <StateShape
        state={note.tone === 'held' ? 'running' : note.tone === 'below' ? 'retrying' : plan.state}
      />
      <span title={note.words}>{note.words}<i className={styles.termsBelow}> ({termsOf(plan)})</i></span>
    </p>
  );
}

type Part = 'work' | 'criteria' | 'findings';

/** Narrow: one part at a time. */
function Narrow({ plan, work, details }: { plan: Plan; work: ReactNode; details: ReactNode }) {
  const [part, setPart] = useState<Part>('work');
  return (
    <>
      <Tabs
        name="plan"
        value={part}
        onChange={(next) => setPart(next as Part)}
        tabs={[
          { id: 'work', label: 'Tasks', count: plan.tasks.length },
          { id: 'criteria', label: 'Success criteria', count: plan.successCriteria.length },
          { id: 'findings', label: 'Findings', count: plan.findings.length },
        ]}
      />
      <div id="plan-panel" role="tabpanel" aria-label={part} className={styles.narrow}>
        {part === 'work' && <SplitDetails list={work} details={details ?? null} />}
        {part === 'criteria' && (
          <Panel fill>
            <Criteria criteria={plan.successCriteria} simulated={plan.simulated} />
            <BudgetsOf planId={plan.id} className={styles.side} />
          </Panel>
        )}
        {part === 'findings' && (
          <Panel fill>
            <SharedFindings plan={plan} />
          </Panel>
        )}
      </div>
    </>
  );
}

function Loading() {
  return (
    <Screen>
      <PageHeader title="Plan" />
      <div className={styles.page} aria-busy="true">
        <div className={styles.work}>
          <Panel fill label="Graph">
            <div className={styles.ghosts} aria-hidden>
              {Array.from({ length: 9 }, (_, index) => (
                <i key={index} />
              ))}
            </div>
          </Panel>
        </div>
        <Panel fill label="Criteria and findings">
          <div className={styles.ghostLines} aria-hidden>
            {[70, 92, 60, 84, 76].map((width) => (
              <i key={width} style={{ width: `${width}%` }} />
            ))}
          </div>
        </Panel>
      </div>
    </Screen>
  );
}
