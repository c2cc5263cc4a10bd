// What a frozen plan holds: how many of which state, whose, why they failed, ten of them, and what it would cost.
import { Fragment } from 'react';
import type { BulkPlan } from '../../shared/bulk-plan.ts';
import { formatClock, formatMoney, formatCount, formatPlural } from '../components/format.ts';
import { Fields } from '../components/output.tsx';
import { useNow } from '../components/now.tsx';
import { stateWords } from '../components/state.ts';
import { StateBadge } from '../components/StateBadge.tsx';
import { usePlanFacts } from './planFacts.tsx';
import { consequences } from './words.ts';
import styles from './bulk-plans.module.css';

export function FrozenPlan({ plan }: { plan: BulkPlan }) {
  const { breakdown } = plan;
  const facts = usePlanFacts(plan, false);
  const cost = Number(plan.estimatedCostUsd) > 0 ? `about ${formatMoney(plan.estimatedCostUsd)}, by what their attempts cost so far` : null;
  return (
    <>
      <p>{consequences[plan.action]}</p>
      {plan.leftOut > 0 && (
        <p className="dim">
          {formatPlural(plan.leftOut, 'other task')} under the filter {plan.leftOut === 1 ? 'is' : 'are'} left out: their state does not
          allow it.
        </p>
      )}
      <Fields
        rows={[
          ...facts,
          ['States', breakdown.states.map(({ state, count }) => `${formatCount(count)} ${stateWords[state].toLowerCase()}`).join(', ')],
          ['Agents', <Counted key="agents" items={breakdown.agents} />],
          ['Plans', hasNames(breakdown.plans) ? <Counted key="plans" items={breakdown.plans} /> : null],
          ['Errors', hasNames(breakdown.errorGroups) ? <Counted key="errors" items={breakdown.errorGroups} /> : null],
          ['Cost', cost],
        ]}
      />
      <section aria-label="Some of them">
        <h3 className={styles.heading}>{plan.sample.length < plan.count ? `The first ${plan.sample.length}` : 'All of them'}</h3>
        <ul className={styles.sample}>
          {plan.sample.map((task) => (
            <li key={task.id}>
              <StateBadge state={task.state} />
              <span className="ellipsis grow" title={task.title}>{task.title}</span>
              <span className="dim ellipsis">{task.agentName}</span>
            </li>
          ))}
        </ul>
      </section>
      <Expiry plan={plan} />
    </>
  );
}

const hasNames = (items: BulkPlan['breakdown']['plans']): boolean => items.some(({ key }) => key !== null);

const SHOWN = 4;

function Counted({ items }: { items: BulkPlan['breakdown']['agents'] }) {
  const shown = items.slice(0, SHOWN);
  const rest = items.slice(SHOWN).reduce((sum, { count }) => sum + count, 0);
  return (
    <span className={styles.counted}>
      {shown.map(({ key, name, count }) => (
        <Fragment key={key ?? name}>
          <span className="figures">{formatCount(count)}</span>
          <span className="ellipsis" title={name}>{name}</span>
        </Fragment>
      ))}
      {rest > 0 && (
        <>
          <span className="figures">{formatCount(rest)}</span>
          <span className="dim">others</span>
        </>
      )}
    </span>
  );
}

/** The list is of now: after a while it must be made again. */
function Expiry({ plan }: { plan: BulkPlan }) {
  const seconds = Math.max(0, Math.ceil((Date.parse(plan.expiresAt) - useNow(1_000)) / 1_000));
  return (
    <p className="dim">
      These tasks and no others; those that change before it comes to them are passed over. This list can be
      confirmed for another <span className="figures">{formatClock(seconds)}</span>.
    </p>
  );
}
