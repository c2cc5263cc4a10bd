// The first screen: who works on what, what it costs, and what needs a person.
import { useQuery } from '@tanstack/react-query';
import { IconPlus } from '@tabler/icons-react';
import type { PlanSummary } from '../../shared/plan.ts';
import { useApi } from '../app/api.ts';
import { Link } from '../app/Link.tsx';
import { MayButton } from '../app/me.tsx';
import { useGo, useRoute } from '../app/routes.ts';
import { later } from '../components/later.tsx';
import { PageHeader, Panel, Screen, Segments } from '../components/layout.tsx';
import { useNow } from '../components/now.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { StateShape } from '../components/StateBadge.tsx';
import { SimulatedMark } from '../components/values.tsx';
import { NewestReview } from './NewestReview.tsx';
import { Board } from './Board.tsx';
import { Kpis } from './Kpis.tsx';
import { NeedsPanel } from './NeedsPanel.tsx';
import { PauseButton, PausedBanner, usePausing } from './PauseSwitch.tsx';
import { TaskStates } from './TaskStates.tsx';
import { timeWindows, windowOf } from './windows.ts';
import styles from './overview.module.css';

const options = timeWindows.map(({ minutes, label }) => ({ value: String(minutes), label }));

/** The charts' library is the largest part of the console's code, and the board need not wait for it. */
const Throughput = later(
  async () => (await import('./Throughput.tsx')).Throughput,
  function Meanwhile() {
    return (
      <Panel title="Throughput" label="Throughput">
        <div className={styles.chartSkeleton} aria-hidden />
      </Panel>
    );
  },
);

const WaitAndRun = later(
  async () => (await import('../metrics/index.ts')).WaitAndRun,
  function Meanwhile() {
    return (
      <Panel title="Wait and run time, p95" label="Wait and run time, p95">
        <div className={styles.chartSkeleton} aria-hidden />
      </Panel>
    );
  },
);

export function OverviewScreen() {
  const api = useApi();
  const go = useGo();
  const route = useRoute();
  const window = windowOf(route.search.window);
  const query = useQuery({
    ...api.overview.get.queryOptions({ windowMinutes: window.minutes }),
    // The figures and needs are the same in every window: nothing blinks while another one is fetched.
    placeholderData: (before) => before,
  });
  const pausing = usePausing();
  const now = useNow(60_000);
  const overview = query.data;
  const running = overview?.figures.tasks.running ?? 0;
  const simulated = overview?.lanes.some(({ agent }) => agent.provider?.simulated) ?? false;
  const failed = query.error !== null && overview === undefined;
  return (
    <Screen>
      <PageHeader
        title="Overview"
        aside={<RunningPlans />}
        actions={
          <>
            <Segments
              label="Window of time"
              options={options}
              value={String(window.minutes)}
              onChange={(value) =>
                go(
                  { place: 'overview', search: value === options[0]?.value ? {} : { window: value } },
                  { replace: true },
                )
              }
            />
            <PauseButton pausing={pausing} running={running} />
            <MayButton
              permission="tasks:create"
              variant="filled"
              leftSection={<IconPlus size={14} />}
              onClick={() => go({ place: 'tasks', search: { new: '1' } })}
            >
              New task
            </MayButton>
          </>
        }
      />
      <PausedBanner workspace={pausing.workspace} running={running} />
      {failed && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      <div className={styles.content}>
        <Kpis
          figures={overview?.figures}
          at={overview ? Date.parse(overview.at) : now}
          simulated={simulated}
          span={window.label}
        />
        <div className={styles.middle}>
          <section className={styles.boardPanel} aria-label="Board of lanes">
            <div className={styles.boardHead}>
              <h2>Who works on what</h2>
              <span className={styles.legend}>
                <span className={styles.legendWords}>block = attempt, fill = time used of its limit</span>
                {simulated && (
                  <span className={styles.legendMark}>
                    <i aria-hidden /> = simulated
                  </span>
                )}
              </span>
            </div>
            <Board
              lanes={overview?.lanes}
              agents={overview?.figures.agents ?? 0}
              window={window}
            />
          </section>
          <div className={styles.beside}>
            <NeedsPanel needs={overview?.needs} />
            <NewestReview />
          </div>
        </div>
        <div className={styles.charts}>
          <Throughput
            parts={query.isPlaceholderData ? undefined : overview?.throughput}
            windowMinutes={window.minutes}
          />
          <WaitAndRun windowMinutes={window.minutes} height={112} />
          <TaskStates figures={overview?.figures} />
        </div>
      </div>
    </Screen>
  );
}

const SHOWN_PLANS = 2;

/** The plans that run now, as chips that lead to them. */
function RunningPlans() {
  const api = useApi();
  const { data } = useQuery(api.plans.list.queryOptions({ limit: 200 }));
  const running = data?.items.filter(({ state }) => state === 'running') ?? [];
  if (running.length === 0) return null;
  const rest = running.length - SHOWN_PLANS;
  return (
    <span className={styles.plans}>
      {running.slice(0, SHOWN_PLANS).map((plan) => (
        <PlanChip key={plan.id} plan={plan} />
      ))}
      {rest > 0 && (
        <Link className={styles.planChip} to={{ place: 'plans' }}>
          +{rest}
        </Link>
      )}
    </span>
  );
}

function PlanChip({ plan }: { plan: PlanSummary }) {
  const { counts } = plan;
  return (
    <Link
      className={styles.planChip}
      to={{ place: 'plans', id: plan.id }}
      title={`${plan.name}: ${counts.succeeded} of ${counts.total} tasks done`}
    >
      <StateShape state="running" size={10} label="Running" />
      <span className="ellipsis">{plan.name}</span>
      <span className="figures">
        {counts.succeeded} of {counts.total}
      </span>
      {plan.simulated && <SimulatedMark />}
    </Link>
  );
}
