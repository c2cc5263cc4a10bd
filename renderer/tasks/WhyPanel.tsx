// "Why is this not running?": what the backend answers, the first reason above the rest, each with its fix in place.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TaskSummary } from '../../shared/task.ts';
import type { Why, WhyFix, WhyReason } from '../../shared/why.ts';
import { useApi } from '../app/api.ts';
import { Link } from '../app/Link.tsx';
import { MayButton } from '../app/me.tsx';
import { useGo } from '../app/routes.ts';
import { BulkDialog } from '../bulk-plans/index.ts';
import { formatClock, formatPlural } from '../components/format.ts';
import { useNow } from '../components/now.tsx';
import { Time } from '../components/values.tsx';
import type { TaskActions } from './useTaskActions.ts';
import { permissionOf, useWhyFix } from './useWhyFix.ts';
import { waysOf, type WhyWay } from './whyWays.ts';
import styles from './tasks.module.css';

/** Reasons that are shown at once; more are behind a button of the list of dependencies. */
const SHOWN = 6;

interface WhyPanelProps {
  task: TaskSummary;
  actions: TaskActions;
}
export function WhyPanel({ task, actions }: WhyPanelProps) {
  const api = useApi();
  const held = task.state === 'waiting' || task.state === 'queued';
  const { data, error } = useQuery(api.tasks.why.queryOptions({ id: task.id }, { enabled: held }));
  // A change of the task came before the answer to it.
  const known = data?.reasons.every(({ code }) => code !== 'running' && code !== 'ended') ? data : undefined;
  if (!held) return null;
  const [first, ...then] = known?.reasons ?? [];
  return (
    <section className={styles.why} data-calm={!first || undefined} aria-label="Why is this not running?">
      <h2>Why is this not running?</h2>
      {first && <Sentence reason={first} />}
      {first && known?.ahead != null && <div className="dim">{lineWords(known.ahead)}</div>}
      {first && <Mending reasons={[first]} actions={actions} />}
      {then.slice(0, SHOWN - 1).map((reason, index) => (
        <div key={index} className="dim">
          Then: <Sentence reason={reason} />
        </div>
      ))}
      {then.length >= SHOWN && <div className="dim">And {formatPlural(then.length - SHOWN + 1, 'more reason')}.</div>}
      {!first && <div>{error ? 'The backend did not answer why. It is asked again when something changes.' : calmWords(known)}</div>}
      <Mending reasons={then.slice(0, SHOWN - 1)} actions={actions} />
    </section>
  );
}

/** The buttons of reasons: those of the first stand by it, above what can only go when it has gone. */
function Mending({ reasons, actions }: { reasons: readonly WhyReason[]; actions: TaskActions }) {
  return (
    <div className={styles.whyActions}>
      {reasons.map((reason) => reason.fix && (
        <Fix key={`${reason.fix.operation} ${reason.fix.label} ${String(reason.fix.input.id)}`} reason={reason} fix={reason.fix} actions={actions} />
      ))}
      {waysOf(reasons).map((way) => <Way key={way.label} way={way} />)}
    </div>
  );
}

function calmWords(known: Why | undefined): string {
  if (!known) return 'Looking…';
  if (!known.ahead) return 'Nothing is in the way: it is the next to be taken.';
  return `Nothing is in the way: ${formatPlural(known.ahead, 'task')} before it ${known.ahead === 1 ? 'goes' : 'go'} first.`;
}

/** How many go first once a place is free. */
function lineWords(ahead: number): string {
  return ahead === 0 ? 'It is the next to be taken then.' : `${formatPlural(ahead, 'task')} before it ${ahead === 1 ? 'goes' : 'go'} first.`;
}

function Sentence({ reason: { message, about, until } }: { reason: WhyReason }) {
  const [before, after] = about ? splitAt(message, about.name) : [message, null];
  return (
    <span>
      {before}
      {about && after !== null && (
        <Link to={{ place: `${about.kind}s`, id: about.id }} className={styles.strongLink}>
          {about.name}
        </Link>
      )}
      {after}
      {until && <Until at={until} />}
    </span>
  );
}

/** The sentence before and after the name that becomes a link; null where it does not name it. */
function splitAt(message: string, name: string): [string, string | null] {
  const at = message.indexOf(name);
  return at < 0 ? [message, null] : [message.slice(0, at), message.slice(at + name.length)];
}

/** Counted down while it is near, else said as a time of day in the person's zone. */
function Until({ at }: { at: string }) {
  const seconds = (Date.parse(at) - useNow(1_000)) / 1000;
  if (seconds > 3_600) return <> That is at <Time value={at} />.</>;
  return <> That is in <b className="figures">{formatClock(Math.ceil(Math.max(0, seconds)))}</b>.</>;
}

/** The button of a fix. */
function Fix({ reason: { about }, fix, actions }: { reason: WhyReason; fix: WhyFix; actions: TaskActions }) {
  const { run, busy } = useWhyFix(fix, about?.name ?? 'It', actions);
  return (
    <MayButton permission={permissionOf(fix)} loading={busy} onClick={run}>
      <span className="ellipsis" title={fix.label}>{fix.label}</span>
    </MayButton>
  );
}

/** Where no operation takes a reason away by itself: the way to where a person does. */
function Way({ way: { label, permission, to } }: { way: WhyWay }) {
  const go = useGo();
  const [giving, setGiving] = useState(false);
  const run = (): void => ('place' in to ? go(to) : setGiving(true));
  return (
    <>
      {permission === null ? <Button onClick={run}>{label}</Button> : <MayButton permission={permission} onClick={run}>{label}</MayButton>}
      {giving && 'reassign' in to && <BulkDialog action="reassign" filter={{ ids: [to.reassign] }} onClose={() => setGiving(false)} />}
    </>
  );
}
