// What the tabs of a task's details show: its input, its output, its findings and its timeline.
import { useState, type ReactNode } from 'react';
import type { Finding } from '../../shared/finding.ts';
import type { Task, TaskDetails } from '../../shared/task.ts';
import { Link } from '../app/Link.tsx';
import { useMay } from '../app/me.tsx';
import { formatCount, formatDuration, formatPlural } from '../components/format.ts';
import { Segments } from '../components/layout.tsx';
import { CodeBlock, CopyButton, Fields, Markdown } from '../components/output.tsx';
import { SeverityShape, severityWords } from '../components/SeverityBadge.tsx';
import { Chip, Time } from '../components/values.tsx';
import styles from './tasks.module.css';

export function InputTab({ task }: { task: Task }) {
  return (
    <>
      {task.handoffNotes && (
        <Part title="Notes from the task before">
          <Markdown text={task.handoffNotes} />
        </Part>
      )}
      <Part title="Instructions">
        {task.instructions.trim() === '' ? <p className="dim">None: the title says it all.</p> : <Prose text={task.instructions} label="Instructions" />}
      </Part>
      {task.successCriteria.length > 0 && (
        <Part title="Success criteria">
          <ul className={styles.list}>{task.successCriteria.map((criterion) => <li key={criterion}>{criterion}</li>)}</ul>
        </Part>
      )}
      {task.tools.length > 0 && (
        <Part title="Tools">
          <div className={styles.chips}>{task.tools.map((tool) => <Chip key={tool}>{tool}</Chip>)}</div>
        </Part>
      )}
      <Fields
        rows={[
          ['Result in', task.expectedOutput],
          ['Capabilities', task.capabilities.length > 0 ? task.capabilities.join(', ') : null],
          ['Time limit', formatDuration(task.timeLimitSeconds)],
          ['Attempts', `at most ${task.maxAttempts}`],
          ['Not before', task.runAt && <Time key="runAt" value={task.runAt} />],
          ['Created', <span key="created"><Time value={task.createdAt} past /> by {task.createdBy.name}</span>],
        ]}
      />
    </>
  );
}

/** Beyond this rendering would hold the window up; the text is shown as it is. */
const MOST_TO_RENDER = 200_000;

function Prose({ text, label }: { text: string; label: string }) {
  return text.length > MOST_TO_RENDER ? <CodeBlock maxHeight={480} label={label}>{text}</CodeBlock> : <Markdown text={text} />;
}

const faces = [
  { value: 'rendered', label: 'Rendered' },
  { value: 'raw', label: 'Raw' },
];

export function OutputTab({ task }: { task: Task }) {
  const [face, setFace] = useState('rendered');
  if (task.output === null) return <p className="dim">{noOutputYet(task)}</p>;
  const large = task.output.length > MOST_TO_RENDER;
  return (
    <>
      <div className={styles.outputBar}>
        {large ? <span className="dim small">Too long to render; as it is.</span> : <Segments label="Show the output" options={faces} value={face} onChange={setFace} />}
        <span className="grow" />
        <span className="faint small figures">{formatPlural(task.output.length, 'character')}</span>
        <CopyButton text={task.output} label="output" />
      </div>
      {face === 'raw' || large ? <CodeBlock label="Output">{task.output}</CodeBlock> : <Markdown text={task.output} />}
    </>
  );
}

function noOutputYet(task: Task): string {
  switch (task.state) {
    case 'running':
      return 'It runs now. Its output comes when it completes.';
    case 'failed':
      return 'It failed and left no output. The attempts say why.';
    case 'cancelled':
      return 'It was cancelled before it completed.';
    case 'handed_off':
      return 'It was handed off: the output is its successor’s.';
    default:
      return 'No output yet.';
  }
}

export function FindingsTab({ findings }: { findings: Finding[] }) {
  if (findings.length === 0) return <p className="dim">It has reported nothing. Findings come while a task runs, and are shared across its plan.</p>;
  return (
    <ul className={styles.feed}>
      {findings.map((finding) => (
        <li key={finding.id}>
          <SeverityShape severity={finding.severity} label={severityWords[finding.severity]} />
          <div className="grow">
            <Link to={{ place: 'findings', id: finding.id }} className={styles.strongLink}>{finding.title}</Link>
            <Markdown text={finding.body.length > 2_000 ? `${finding.body.slice(0, 2_000)}…` : finding.body} />
          </div>
          <span className="faint small"><Time value={finding.createdAt} past /></span>
        </li>
      ))}
    </ul>
  );
}

export function TimelineTab({ id, timeline }: { id: string; timeline: TaskDetails['timeline'] }) {
  const audit = useMay('audit:read').allowed;
  const newestFirst = timeline.toSorted((a, b) => b.seq - a.seq);
  return (
    <>
      {audit && <p className="small"><Link to={{ place: 'audit', search: { entityId: id } }}>Who did what, in the audit</Link></p>}
      <ol className={styles.timeline}>
        {newestFirst.map((entry) => (
          <li key={entry.seq}>
            <div className="grow">
              <div>{entry.message}</div>
              <div className="faint small">{entry.actor.name} · event {formatCount(entry.seq)}</div>
            </div>
            <span className="faint small"><Time value={entry.at} past /></span>
          </li>
        ))}
      </ol>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
