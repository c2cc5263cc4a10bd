// The details of a finding, beside the list: what was found, by whom, and whether a person has seen it.
import type { Finding } from '../../shared/finding.ts';
import { Link } from '../app/Link.tsx';
import { MayButton } from '../app/me.tsx';
import { Details } from '../components/layout.tsx';
import { CopyButton, Fields, Markdown } from '../components/output.tsx';
import { SeverityBadge } from '../components/SeverityBadge.tsx';
import { AgentMark, Kbd, SimulatedTag, Time } from '../components/values.tsx';
import { needsPerson } from './columns.tsx';
import { PlanName } from './PlanName.tsx';
import styles from './findings.module.css';

interface FindingPanelProps {
  finding: Finding;
  busy: boolean;
  onAcknowledge(): void;
  onClose(): void;
}
export function FindingPanel({ finding, busy, onAcknowledge, onClose }: FindingPanelProps) {
  return (
    <Details
      label={finding.title}
      head={
        <>
          <SeverityBadge severity={finding.severity} />
          {finding.simulated && <SimulatedTag />}
          <span className="grow" />
          <span className="faint small"><Time value={finding.createdAt} past /></span>
        </>
      }
      onClose={onClose}
      footer={
        <>
          {finding.severity === 'urgent' && (
            <MayButton
              permission="tasks:operate"
              variant={needsPerson(finding) ? 'filled' : 'default'}
              reason={needsPerson(finding) ? null : 'A person has seen it.'}
              loading={busy && needsPerson(finding)}
              onClick={onAcknowledge}
              rightSection={needsPerson(finding) ? <span className={styles.key} aria-hidden>A</span> : <span aria-hidden><Kbd>A</Kbd></span>}
            >
              Acknowledge
            </MayButton>
          )}
          <Link to={{ place: 'tasks', id: finding.taskId }} className={styles.button}>Open the task</Link>
          <span className="grow" />
          <CopyButton text={`${finding.title}\n\n${finding.body}`} label="finding" />
        </>
      }
    >
      <h2 className={styles.heading}>{finding.title}</h2>
      <Fields
        rows={[
          ['Task', <Link key="task" to={{ place: 'tasks', id: finding.taskId }}>{finding.taskTitle}</Link>],
          ['Agent', finding.agentId ? (
            <Link key="agent" to={{ place: 'agents', id: finding.agentId }} className={styles.plainLink}>
              <AgentMark name={finding.agentName} simulated={finding.simulated} />
            </Link>
          ) : null],
          ['Plan', finding.planId && <Link key="plan" to={{ place: 'plans', id: finding.planId }}><PlanName id={finding.planId} /></Link>],
          ['Seen', finding.severity !== 'urgent' ? null : finding.acknowledgedAt ? <Time key="seen" value={finding.acknowledgedAt} past /> : <b key="seen">not yet: it needs a person</b>],
        ]}
      />
      {finding.body.trim() === '' ? <p className="dim">The title says it all.</p> : <Markdown text={finding.body} />}
    </Details>
  );
}
