// The details of a task, beside the list: why it stands as it does, what it took, and what can be done.
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { TaskDetails, TaskSummary } from '../../shared/task.ts';
import { useAllPlans } from '../app/all.ts';
import { useApi } from '../app/api.ts';
import { Link } from '../app/Link.tsx';
import { MayButton } from '../app/me.tsx';
import { TaskMenu } from '../bulk-plans/index.ts';
import { formatPlural } from '../components/format.ts';
import { Details, Lines, Tabs } from '../components/layout.tsx';
import { CopyButton, Fields } from '../components/output.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { shownState } from '../components/state.ts';
import { StateBadge } from '../components/StateBadge.tsx';
import { AgentMark, Id, Kbd } from '../components/values.tsx';
import { refusalsOf } from './actions.ts';
import { ApproveDialog } from './ApproveDialog.tsx';
import { AttemptsTab } from './AttemptsTab.tsx';
import { ChainPart } from './ChainPart.tsx';
import { FindingsTab, InputTab, OutputTab, TimelineTab } from './detailTabs.tsx';
import { StandPanel } from './StandPanel.tsx';
import { TaskLink } from './TaskLink.tsx';
import type { TaskActions } from './useTaskActions.ts';
import { WhyPanel } from './WhyPanel.tsx';
import styles from './tasks.module.css';

interface TaskPanelProps {
  id: string;
  /** The row of the list: shown until the details are there. */
  row: TaskSummary | undefined;
  actions: TaskActions;
  onCancel(): void;
  onClose(): void;
}
export function TaskPanel({ id, row, actions, onCancel, onClose }: TaskPanelProps) {
  const api = useApi();
  const query = useQuery(api.tasks.details.queryOptions({ id }));
  const details = query.data;
  const task: TaskSummary | undefined = details?.task ?? row;
  return (
    <Details
      label={task?.title ?? 'Task'}
      head={
        <>
          {task && <StateBadge state={shownState(task)} />}
          <span className="grow" />
          <Id id={id} />
          <CopyButton text={id} label="id of the task" />
        </>
      }
      onClose={onClose}
      footer={task && <Actions task={task} actions={actions} onCancel={onCancel} />}
    >
      {task && <h2 className={styles.heading}>{task.title}</h2>}
      {task && <WhyPanel task={task} actions={actions} />}
      {task && <StandPanel task={task} />}
      {details ? <Loaded key={id} details={details} /> : !query.error && <Lines widths={[62, 48, 100, 90, 96, 70]} />}
      {query.error && !details && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {actions.approving !== null && (
        <ApproveDialog id={actions.approving} approve={actions.approve.mutateAsync} onClose={() => actions.askApproval(null)} />
      )}
    </Details>
  );
}

const tabNames = ['attempts', 'input', 'output', 'findings', 'timeline'] as const;
type TabName = (typeof tabNames)[number];

function Loaded({ details }: { details: TaskDetails }) {
  const { task, attempts, findings, timeline } = details;
  const [chosen, setChosen] = useState<TabName | null>(null);
  // What there is to see changes while it runs, until a person has chosen.
  const tab = chosen ?? (task.state === 'succeeded' ? 'output' : attempts.length > 0 ? 'attempts' : 'input');
  const tabs = [
    { id: 'attempts', label: 'Attempts', count: attempts.length },
    { id: 'input', label: 'Input' },
    { id: 'output', label: 'Output' },
    { id: 'findings', label: 'Findings', count: findings.length },
    { id: 'timeline', label: 'Timeline' },
  ];
  const panels: Record<TabName, ReactNode> = {
    attempts: <AttemptsTab task={task} attempts={attempts} />,
    input: <InputTab task={task} />,
    output: <OutputTab task={task} />,
    findings: <FindingsTab findings={findings} />,
    timeline: <TimelineTab id={task.id} timeline={timeline} />,
  };
  return (
    <>
      <Neighbours details={details} />
      {(task.handoffFrom !== null || task.succeededBy !== null) && <ChainPart id={task.id} />}
      <Tabs name="task" tabs={tabs} value={tab} onChange={(next) => setChosen(next as TabName)} />
      <div id="task-panel" role="tabpanel" aria-label={tabs.find(({ id }) => id === tab)?.label} className={styles.tabPanel}>
        {panels[tab]}
      </div>
    </>
  );
}

/** Who has it, what it belongs to, and its neighbours in the graph. */
function Neighbours({ details: { task, dependencies, dependents } }: { details: TaskDetails }) {
  const planName = usePlanName(task.planId);
  return (
    <div className={styles.facts}>
      <Fields
        rows={[
          ['Agent', task.agentId ? (
            <Link key="agent" to={{ place: 'agents', id: task.agentId }} className={styles.plainLink}>
              <AgentMark name={task.agentName} simulated={task.simulated} />
            </Link>
          ) : task.capabilities.length > 0 ? `any with ${task.capabilities.join(', ')}` : 'any'],
          ['Plan', task.planId && (
            <Link key="plan" to={{ place: 'plans', id: task.planId }}>
              {planName ?? 'its plan'}
            </Link>
          )],
          ['Depends on', dependencies.length > 0 ? <Neighbour key="on" tasks={dependencies} /> : null],
          ['Needed by', dependents.length > 0 ? <Neighbour key="needed" tasks={dependents} /> : null],
        ]}
      />
    </div>
  );
}

function usePlanName(planId: string | null): string | undefined {
  return useAllPlans(planId !== null).rows?.find((plan) => plan.id === planId)?.name;
}

const SHOWN_NEIGHBOURS = 3;
function Neighbour({ tasks }: { tasks: TaskSummary[] }) {
  const [all, setAll] = useState(false);
  const rest = tasks.length - SHOWN_NEIGHBOURS;
  return (
    <div className={styles.neighbours}>
      {(all ? tasks : tasks.slice(0, SHOWN_NEIGHBOURS)).map((task) => <TaskLink key={task.id} task={task} />)}
      {!all && rest > 0 && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          and {formatPlural(rest, 'other')}
        </button>
      )}
    </div>
  );
}

interface ActionsProps {
  task: TaskSummary;
  actions: TaskActions;
  onCancel(): void;
}
function Actions({ task, actions, onCancel }: ActionsProps) {
  const refusals = refusalsOf(task);
  return (
    <>
      {task.kind === 'approval' && (
        <MayButton
          permission="tasks:operate"
          variant={refusals.approve === null ? 'filled' : 'default'}
          reason={refusals.approve}
          loading={actions.approve.isPending}
          onClick={() => actions.askApproval(task.id)}
        >
          Approve
        </MayButton>
      )}
      {task.kind === 'work' && (
        <MayButton
          permission="tasks:operate"
          variant={refusals.retry === null ? 'filled' : 'default'}
          reason={refusals.retry}
          loading={actions.retry.isPending && actions.retry.variables.id === task.id}
          onClick={() => actions.retry.mutate({ id: task.id })}
          rightSection={<span className={styles.key} aria-hidden>R</span>}
        >
          {task.state === 'queued' && task.runAt !== null && task.attempt === 0 ? 'Run now' : 'Retry now'}
        </MayButton>
      )}
      <MayButton permission="tasks:operate" reason={refusals.cancel} onClick={onCancel} rightSection={<span aria-hidden><Kbd>X</Kbd></span>}>
        Cancel
      </MayButton>
      <TaskMenu task={task} />
    </>
  );
}
