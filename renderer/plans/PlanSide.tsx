// Beside the graph: what counts as done, what is urgent, and what agents have found out for those after them.
import type { Finding } from '../../shared/finding.ts';
import type { Plan } from '../../shared/plan.ts';
import { Link } from '../app/Link.tsx';
import { useMay } from '../app/me.tsx';
import { SeverityShape, severityWords } from '../components/SeverityBadge.tsx';
import { StateShape } from '../components/StateBadge.tsx';
import { Age, SimulatedTag } from '../components/values.tsx';
import styles from './plans.module.css';

interface CriteriaProps {
  criteria: Plan['successCriteria'];
  /** No model has run: what is met is met by made-up work. */
  simulated: boolean;
}
export function Criteria({ criteria, simulated }: CriteriaProps) {
  const met = criteria.filter((criterion) => criterion.met).length;
  return (
    <section className={styles.side}>
      <h2>
        Success criteria{criteria.length > 0 && ` · ${met} of ${criteria.length}`}
        {simulated && met > 0 && <> <SimulatedTag /></>}
      </h2>
      {criteria.length === 0 && (
        <p className="faint">The plan names none. It has succeeded when every task has.</p>
      )}
      {met > 0 && <p className="faint">Met by the tasks that succeeded. Nobody has checked them by hand.</p>}
      <ul className={styles.feed}>
        {criteria.map((criterion, index) => (
          <li key={index}>
            <StateShape
              state={criterion.met ? 'succeeded' : 'waiting'}
              label={criterion.met ? 'Met' : 'Not met yet'}
            />
            <div className={styles.feedBody}>
              <div className={criterion.met ? undefined : 'dim'}>{criterion.text}</div>
              {criterion.evidence !== null && (
                <div className={styles.evidence} title={criterion.evidence}>
                  {criterion.evidence}
                </div>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** For those who may read it: every change of the plan, by whom. */
export function PlanAudit({ id }: { id: string }) {
  if (!useMay('audit:read').allowed) return null;
  return <p className="small"><Link to={{ place: 'audit', search: { entityId: id } }}>Who did what, in the audit</Link></p>;
}

/** An urgent one stands above until a person has seen it, and in its place among the others. */
export function SharedFindings({ plan }: { plan: Pick<Plan, 'findings' | 'urgentIssues'> }) {
  const urgent = plan.urgentIssues.filter((finding) => finding.acknowledgedAt === null);
  return (
    <>
      {urgent.length > 0 && (
        <section className={styles.side}>
          <h2>Urgent issues · {urgent.length}</h2>
          <FindingList findings={urgent} />
        </section>
      )}
      <section className={styles.side}>
        <h2>Findings shared with later agents{plan.findings.length > 0 && ` · ${plan.findings.length}`}</h2>
        {plan.findings.length === 0 && (
          <p className="faint">None so far. What an agent finds is handed to those that start after it.</p>
        )}
        <FindingList findings={plan.findings} />
      </section>
    </>
  );
}

const SHOWN = 60;

function FindingList({ findings }: { findings: readonly Finding[] }) {
  return (
    <ul className={styles.feed}>
      {findings.slice(0, SHOWN).map((finding) => (
        <li key={finding.id}>
          <SeverityShape severity={finding.severity} label={severityWords[finding.severity]} />
          <div className={styles.feedBody}>
            <Link
              className={styles.feedTitle}
              to={{ place: 'findings', id: finding.id }}
              title={finding.title}
            >
              {finding.title}
            </Link>
            <div className={styles.feedWho}>
              <span className="ellipsis" title={finding.agentName ?? undefined}>
                {finding.agentName ?? 'an agent'}
              </span>
              {finding.simulated && <SimulatedTag />}
            </div>
          </div>
          <span className={styles.feedAt}>
            <Age since={finding.createdAt} />
          </span>
        </li>
      ))}
      {findings.length > SHOWN && (
        <li>
          <span />
          <Link to={{ place: 'findings' }} className="dim">
            and {findings.length - SHOWN} more
          </Link>
        </li>
      )}
    </ul>
  );
}
