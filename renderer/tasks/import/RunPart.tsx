// The import while it runs and when it has ended: exactly what was created, what was refused, and how to go on.
import { Button } from '@mantine/core';
import { formatSpan } from '../../../shared/schema.ts';
import { MayButton } from '../../app/me.tsx';
import { useGo } from '../../app/routes.ts';
import { formatCount, formatDuration, formatPlural } from '../../components/format.ts';
import { Panel } from '../../components/layout.tsx';
import { useNow } from '../../components/now.tsx';
import { adviceFor } from '../../components/problem.ts';
import { Note } from '../../components/ProblemNotice.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { StateShape } from '../../components/StateBadge.tsx';
import type { ShownState } from '../../components/state.ts';
import { useTaskImport } from './ImportProvider.tsx';
import { Refusals, SaveRefused } from './Refusals.tsx';
import type { Run } from './run.ts';
import styles from './import.module.css';

const shownAs: Record<Run['state'], ShownState> = { running: 'running', stopping: 'running', stopped: 'cancelled', failed: 'failed', done: 'succeeded' };
const titles: Record<Run['state'], string> = {
  running: 'Creating tasks',
  stopping: 'Stopping after what is on its way',
  stopped: 'Stopped',
  failed: 'It could not go on',
  done: 'Done',
};

export function RunPart({ run }: { run: Run }) {
  const { read, stop, goOn, clear } = useTaskImport();
  const runs = run.state === 'running' || run.state === 'stopping';
  const bad = read?.bad ?? 0;
  const refused = [...run.refused, ...(read?.refusals ?? [])].toSorted((a, b) => a.line - b.line);
  const left = run.rows - run.sent;
  const refusedThere = new Set(run.refused.map(({ line }) => line)).size;
  return (
    <>
      <Panel label="The import">
        <h2 className={styles.state}><StateShape state={shownAs[run.state]} size={14} /> {titles[run.state]}</h2>
        <ProgressBar
          label="Progress of the import"
          total={run.rows}
          parts={[{ state: 'succeeded', value: run.created }, { state: 'failed', value: run.sent - run.created }]}
          height={8}
        />
        <div className={styles.figures} role="status">
          <span><b className="figures">{formatCount(run.created)}</b> of {formatPlural(run.rows + bad, 'row')} created as tasks</span>
          {bad + refusedThere > 0 && <span className={styles.bad}>{formatPlural(bad + refusedThere, 'row')} refused</span>}
          <Pace run={run} runs={runs} />
        </div>
        {run.state === 'stopped' && (
          <Note>
            Exactly {formatPlural(run.created, 'task')} {run.created === 1 ? 'was' : 'were'} created; {formatPlural(left, 'row')}{' '}
            {left === 1 ? 'was' : 'were'} not sent. What was created stays. Going on creates the rest and no doubles.
          </Note>
        )}
        {run.state === 'failed' && run.problem && (
          <Note tone="warning">
            <b>{run.problem.detail}</b> {adviceFor(run.problem)} {formatPlural(run.created, 'task')} {run.created === 1 ? 'is' : 'are'} created for
            certain; of the next {formatCount(run.inDoubt)} it is not known. Going on sends them again under the same keys: what is there already
            is not created twice.
          </Note>
        )}
        <div className={styles.actions}>
          {runs ? (
            <Button onClick={stop} disabled={run.state === 'stopping'}>Stop here</Button>
          ) : (
            <>
              {run.created > 0 && <ShowCreated run={run} />}
              {left > 0 && <MayButton permission="tasks:create" variant="filled" onClick={goOn}>Go on with the other {formatCount(left)}</MayButton>}
              <Button onClick={clear}>Import another file</Button>
            </>
          )}
        </div>
      </Panel>
      {refused.length > 0 && (
        <Panel title={`${formatPlural(bad + refusedThere, 'row')} refused`} aside={!runs && <SaveRefused name={read?.name ?? 'the import'} />} label="Refused rows" fill>
          <Refusals refusals={refused} more={bad > (read?.refusals.length ?? 0)} />
        </Panel>
      )}
    </>
  );
}

/** How long it has taken, and how long the rest would take at this pace. */
function Pace({ run, runs }: { run: Run; runs: boolean }) {
  const now = useNow(runs ? 1_000 : null);
  const seconds = Math.max(0, ((run.endedAt ?? now) - run.startedAt) / 1_000);
  const rest = run.sent > 0 ? ((run.rows - run.sent) * seconds) / run.sent : null;
  if (!runs) return run.endedAt === null ? null : <span className="dim figures">in {formatDuration(Math.round(seconds))}</span>;
  return (
    <span className="dim figures">
      {formatDuration(Math.round(seconds))} so far{rest !== null && run.state === 'running' && seconds > 2 ? `, about ${formatDuration(Math.max(1, Math.round(rest)))} left` : ''}
    </span>
  );
}

/** Clocks of rows and of the window differ by little. */
const SLACK_MS = 2_000;

function ShowCreated({ run }: { run: Run }) {
  const go = useGo();
  const [from, to] = [run.startedAt - SLACK_MS, (run.endedAt ?? run.startedAt) + SLACK_MS].map((at) => new Date(at).toISOString());
  return (
    <Button onClick={() => go({ place: 'tasks', search: { created: formatSpan({ from: from ?? null, to: to ?? null }) } })}>
      Show the created tasks
    </Button>
  );
}
