// "Needs a person": ranked, each acted on where it stands.
import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { assertNever } from '../../shared/errors.ts';
import type { Need } from '../../shared/overview.ts';
import { Link } from '../app/Link.tsx';
import { MayButton } from '../app/me.tsx';
import { useGo } from '../app/routes.ts';
import { formatClock } from '../components/format.ts';
import { later } from '../components/later.tsx';
import { EmptyState } from '../components/layout.tsx';
import { useNow } from '../components/now.tsx';
import { SeverityShape } from '../components/SeverityBadge.tsx';
import { StateShape } from '../components/StateBadge.tsx';
import { Age, SimulatedMark, Time } from '../components/values.tsx';
import { viewNeed, type NeedAction, type NeedView } from './needs.ts';
import { useNeedActions, type NeedActions } from './useNeedActions.ts';
import styles from './NeedsPanel.module.css';

/** The code of the tasks is not needed by the first screen. */
const ApproveDialog = later(async () => (await import('../tasks/index.ts')).ApproveDialog, () => null);
const BulkDialog = later(async () => (await import('../bulk-plans/index.ts')).BulkDialog, () => null);

export function NeedsPanel({ needs }: { needs: readonly Need[] | undefined }) {
  const actions = useNeedActions();
  const [gate, setGate] = useState<NeedView | null>(null);
  const [group, setGroup] = useState<string | null>(null);
  const shown = needs?.map(viewNeed).filter(({ key }) => !actions.settled.has(key));
  return (
    <section className={styles.panel} aria-label="Needs a person">
      <div className={styles.head}>
        <h2>Needs a person</h2>
        {shown && shown.length > 0 && <span className={styles.count}>{shown.length}</span>}
      </div>
      {shown === undefined && <Skeleton />}
      {shown?.length === 0 && (
        <div className={styles.nothing}>
          <EmptyState icon={<IconCircleCheck size={24} stroke={1.5} />} title="Nothing needs you">
            Urgent findings, approvals, failures and limits come up here.
          </EmptyState>
        </div>
      )}
      {shown && shown.length > 0 && (
        <ol className={styles.list} aria-label="Needs, most urgent first">
          {shown.map((view) => (
            <NeedRow key={view.key} view={view} actions={actions} onApprove={() => setGate(view)} onRetryGroup={setGroup} />
          ))}
        </ol>
      )}
      {gate && <ApproveGate view={gate} actions={actions} onClose={() => setGate(null)} />}
      {group !== null && <BulkDialog action="retry" filter={{ state: 'failed', errorGroup: group }} onClose={() => setGroup(null)} />}
    </section>
  );
}

interface NeedRowProps {
  view: NeedView;
  actions: NeedActions;
  onApprove(): void;
  onRetryGroup(fingerprint: string): void;
}
function NeedRow({ view, actions, onApprove, onRetryGroup }: NeedRowProps) {
  return (
    <li className={styles.need}>
      {view.shape === 'urgent' ? (
        <SeverityShape severity="urgent" label={view.kind} />
      ) : (
        <StateShape state={view.shape} label={view.kind} />
      )}
      <div className={styles.body}>
        <div className={styles.line}>
          {view.to ? (
            <Link className={styles.title} to={view.to} title={view.title}>
              {view.title}
            </Link>
          ) : (
            <span className={styles.title} title={view.title}>
              {view.title}
            </span>
          )}
          <span className={styles.at}>
            {view.deadline === null ? <Age since={view.at} /> : <Left until={view.deadline} />}
          </span>
        </div>
        <div className={styles.about}>
          <span className="ellipsis" title={view.about.join(' · ')}>
            {view.about.join(' · ')}
          </span>
          {view.simulated && <SimulatedMark />}
        </div>
        <div className={styles.actions}>
          {view.actions.map((action, index) => (
            <ActionButton key={index} view={view} action={action} actions={actions} onApprove={onApprove} onRetryGroup={onRetryGroup} />
          ))}
        </div>
      </div>
    </li>
  );
}

/** The time that is left: a clock within the hour. */
function Left({ until }: { until: string }) {
  const now = useNow(1_000);
  const seconds = (Date.parse(until) - now) / 1_000;
  if (seconds > 3_600) return <Time value={until} />;
  return (
    <span className={`${styles.left} figures`}>{seconds > 0 ? `${formatClock(seconds)} left` : 'over'}</span>
  );
}

function ActionButton({ view, action, actions, onApprove, onRetryGroup }: NeedRowProps & { action: NeedAction }) {
  const go = useGo();
  switch (action.kind) {
    case 'acknowledge':
      return (
        <MayButton
          permission="tasks:operate"
          className={styles.button}
          loading={actions.busy === view.key}
          onClick={() => void actions.acknowledge(view.key, action.findingId)}
        >
          Acknowledge
        </MayButton>
      );
    case 'approve':
      return (
        <MayButton permission="tasks:operate" className={styles.button} onClick={onApprove}>
          Approve
        </MayButton>
      );
    case 'retry': {
      const running = actions.progress?.key === view.key ? actions.progress : null;
      const other = actions.progress && !running ? 'Another group is being retried.' : null;
      return (
        <MayButton
          permission="tasks:operate"
          className={styles.button}
          reason={running ? 'They are queued one after another.' : other}
          onClick={() => void actions.retry(view.key, action.taskIds)}
        >
          {running ? (
            <span aria-live="polite">
              {running.done} of {running.total}…
            </span>
          ) : (
            action.label
          )}
        </MayButton>
      );
    }
    case 'retry_group':
      return (
        <MayButton permission="tasks:operate" className={styles.button} onClick={() => onRetryGroup(action.fingerprint)}>
          {action.label}
        </MayButton>
      );
    case 'open':
      return (
        <Button className={styles.button} onClick={() => go(action.to)}>
          {action.label}
        </Button>
      );
    default:
      return assertNever(action);
  }
}

function ApproveGate({
  view,
  actions,
  onClose,
}: {
  view: NeedView;
  actions: NeedActions;
  onClose(): void;
}) {
  const taskId = view.actions.flatMap((action) => (action.kind === 'approve' ? [action.taskId] : []))[0] ?? '';
  return <ApproveDialog id={taskId} title={view.title} approve={(input) => actions.approve(view.key, input)} onClose={onClose} />;
}

function Skeleton() {
  return (
    <div className={styles.list} aria-hidden>
      {[86, 64, 78].map((width) => (
        <div key={width} className={styles.need}>
          <i className={styles.skeleton} style={{ width: 12, height: 12 }} />
          <div className={styles.body}>
            <i className={styles.skeleton} style={{ width: `${width}%` }} />
            <i className={styles.skeleton} style={{ width: `${width - 30}%`, marginTop: 9 }} />
          </div>
        </div>
      ))}
    </div>
  );
}
