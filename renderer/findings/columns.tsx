// The columns of the findings' list.
import type { Finding } from '../../shared/finding.ts';
import { Link } from '../app/Link.tsx';
import { SeverityBadge } from '../components/SeverityBadge.tsx';
import type { ListColumn } from '../components/ListTable.tsx';
import { Age, AgentMark, SimulatedMark } from '../components/values.tsx';
import { PlanName } from './PlanName.tsx';
import styles from './findings.module.css';

export const findingColumns: readonly ListColumn<Finding>[] = [
  { id: 'severity', header: 'Severity', width: 100, cell: (finding) => <SeverityBadge severity={finding.severity} /> },
  { id: 'title', header: 'Finding', width: 200, grow: true, cell: (finding) => <Title finding={finding} /> },
  {
    id: 'task',
    header: 'Task',
    width: 150,
    grow: true,
    hideBelow: 1_000,
    cell: (finding) => (
      <Link to={{ place: 'tasks', id: finding.taskId }} className={styles.cellLink} title={finding.taskTitle} tabIndex={-1} onClick={(event) => event.stopPropagation()}>
        {finding.taskTitle}
      </Link>
    ),
  },
  { id: 'agent', header: 'Agent', width: 232, hideBelow: 600, cell: (finding) => <AgentMark name={finding.agentName} simulated={finding.simulated} /> },
  {
    id: 'plan',
    header: 'Plan',
    width: 140,
    hideBelow: 920,
    cell: (finding) =>
      finding.planId === null ? (
        <span className="faint">–</span>
      ) : (
        <Link to={{ place: 'plans', id: finding.planId }} className={styles.cellLink} tabIndex={-1} onClick={(event) => event.stopPropagation()}>
          <PlanName id={finding.planId} />
        </Link>
      ),
  },
  { id: 'seen', header: 'Seen', width: 76, hideBelow: 700, cell: (finding) => seenWords(finding) },
  { id: 'age', header: 'Age', width: 68, align: 'right', cell: (finding) => <Age since={finding.createdAt} /> },
];

/** Only urgent findings ask for a person. */
export function seenWords(finding: Finding): string {
  if (finding.severity !== 'urgent') return '–';
  return finding.acknowledgedAt === null ? 'Not yet' : 'Seen';
}

export function needsPerson(finding: Finding): boolean {
  return finding.severity === 'urgent' && finding.acknowledgedAt === null;
}

function Title({ finding }: { finding: Finding }) {
  return (
    <span className={styles.title}>
      <span className="ellipsis" title={finding.title} style={needsPerson(finding) ? { fontWeight: 600 } : undefined}>
        {finding.title}
      </span>
      {finding.simulated && <span className={styles.narrowTag}><SimulatedMark /></span>}
    </span>
  );
}
