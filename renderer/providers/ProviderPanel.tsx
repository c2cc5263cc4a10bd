// The details of an account, beside the list: how it is, who runs on it, what it cost, and what went wrong lately.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { kindLabel, serviceFacts, isServiceKind, SIMULATOR_NOTICE, type ProviderAccount, type ProviderDetails } from '../../shared/provider.ts';
import { formatSpan } from '../../shared/schema.ts';
import { useApi } from '../app/api.ts';
import { Link } from '../app/Link.tsx';
import { MayButton, useMay } from '../app/me.tsx';
import { useAction } from '../components/actions.tsx';
import { formatCount, formatPlural } from '../components/format.ts';
import { Details } from '../components/layout.tsx';
import { notifyDone, notifyOutcome, notifyProblem } from '../components/notify.ts';
import { useNow } from '../components/now.tsx';
import { Fields } from '../components/output.tsx';
import { Note, ProblemNotice } from '../components/ProblemNotice.tsx';
import { Age, Chip, Money, SimulatedTag, Time } from '../components/values.tsx';
import { AccountState } from './columns.tsx';
import { TestResult } from './TestResult.tsx';
import { testedWords } from './words.ts';
import styles from './providers.module.css';

interface ProviderPanelProps {
  id: string;
  /** The row of the list, shown until the rest is there. */
  account: ProviderAccount | undefined;
  onClose(): void;
  onEdit(): void;
  onRemove(): void;
}
export function ProviderPanel({ id, account, onClose, ...acts }: ProviderPanelProps) {
  const api = useApi();
  const query = useQuery(api.providers.get.queryOptions({ id }));
  const shown = query.data ?? account;
  return (
    <Details
      label={shown?.name ?? 'Provider account'}
      head={
        shown && (
          <>
            <AccountState account={shown} />
            <span className="grow" />
            <span className="dim small">{kindLabel(shown.kind)}</span>
          </>
        )
      }
      onClose={onClose}
      footer={shown && <Actions account={shown} {...acts} />}
    >
      {shown && (
        <>
          <h2 className={styles.heading}>{shown.name} {shown.simulated && <SimulatedTag />}</h2>
          <Trouble account={shown} onEdit={acts.onEdit} />
          <Facts account={shown} />
        </>
      )}
      {query.data && <Rest details={query.data} />}
      {!query.data && !!query.error && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {!shown && !query.error && <div className={styles.skeleton} aria-hidden>{[60, 90, 80, 40].map((width) => <i key={width} style={{ width: `${width}%` }} />)}</div>}
    </Details>
  );
}

/** What is said against it, what that means for its work, and what to do. */
function Trouble({ account, onEdit }: { account: ProviderAccount; onEdit(): void }) {
  const { state, problem, until, agents } = account;
  if (account.simulated) return <Note tone="warning">{SIMULATOR_NOTICE}</Note>;
  if (state === 'ok') return null;
  const held = agents === 0 ? 'Nothing runs on it.' : `Its ${formatPlural(agents, 'agent')} start nothing new until then; no attempt is spent.`;
  const words = {
    failing: 'Its last answer was an error. Work goes on.',
    cooling: `Its rate is used up. ${held}`,
    breaker_open: until ? `It failed too often in a row. Then one task probes it. ${held}` : 'It failed too often in a row. One task probes it now, and the others wait for that.',
    refused: agents === 0 ? 'It refuses us.' : `It refuses us: its ${formatPlural(agents, 'agent')} start nothing until that is mended.`,
  }[state];
  return (
    <Note tone="warning">
      <div>{words}{until && <> That is <Time value={until} everyMs={1_000} />.</>}</div>
      {problem && <div className={styles.said}>{problem.message} <span className="faint"><Time value={problem.at} past /></span></div>}
      {state === 'refused' && <div className={styles.noteAction}><MayButton permission="providers:write" onClick={onEdit}>Give it a new key</MayButton></div>}
    </Note>
  );
}

function Facts({ account }: { account: ProviderAccount }) {
  const { kind, service, settings } = account;
  const usual = isServiceKind(kind) ? serviceFacts[kind].baseUrl : null;
  const key = account.keyHint === null ? 'none' : account.keyHint === '' ? 'stored' : <span key="key" className="mono">…{account.keyHint}</span>;
  return (
    <>
      <Fields
        rows={[
          ['Address', service ? <span key="url" className={styles.breaks}>{service.baseUrl ?? usual}</span> : null],
          ['Key', service ? key : null],
          ['Longest answer', service ? `${formatCount(service.maxOutputTokens)} tokens` : null],
          ['Stalled after', service ? `${formatCount(service.stallSeconds)} s without a byte` : null],
          ['Seed', settings ? formatCount(settings.seed) : null],
          ['Typical time', settings ? `${formatCount(settings.typicalSeconds)} s` : null],
          ['At once', account.maxRunning === null ? 'as many as its agents take' : `at most ${formatCount(account.maxRunning)}`],
          ['This month', <Money key="cost" usd={account.monthCostUsd} />],
          ['Added', <Time key="added" value={account.createdAt} past />],
        ]}
      />
      {account.tested && (
        <section className={styles.part}>
          <div className={styles.partHead}><h2>Last test</h2><span className="faint small"><Age since={account.tested.at} /></span></div>
          <TestResult test={account.tested} />
        </section>
      )}
    </>
  );
}

function Rest({ details }: { details: ProviderDetails }) {
  return (
    <>
      <WithoutPrice models={details.withoutPrice} />
      <section className={styles.part}>
        <h2>Agents</h2>
        {details.runs.length === 0 && <p className="dim">None yet. Choose this account for a hosted agent to run it here.</p>}
        <ul className={styles.rows}>
          {details.runs.map(({ id, name, model }) => (
            <li key={id}>
              <Link to={{ place: 'agents', id }} className={styles.breaks}>{name}</Link>
              {!details.simulated && <span className="dim small mono ellipsis" title={model}>{model}</span>}
            </li>
          ))}
        </ul>
        {details.agents > details.runs.length && <p className="dim small">and {formatPlural(details.agents - details.runs.length, 'other')}</p>}
      </section>
      {details.month.length > 0 && <Month details={details} />}
      {!details.simulated && <Models models={details.models} />}
      <Troubles details={details} />
    </>
  );
}

function WithoutPrice({ models }: { models: string[] }) {
  if (models.length === 0) return null;
  return (
    <Note tone="warning">
      No price is known for {models.length === 1 ? 'this model' : 'these models'}, so what {models.length === 1 ? 'it costs' : 'they cost'} is not counted:
      <ul className={styles.rows}>
        {models.map((model) => (
          <li key={model}>
            <span className="mono ellipsis" title={model}>{model}</span>
            <Link to={{ place: 'providers', search: { view: 'prices', price: model } }} className="small">Add a price</Link>
          </li>
        ))}
      </ul>
    </Note>
  );
}

/** The first moment of the month in UTC, as it is counted. */
const monthOf = (now: number): string => `${new Date(now).toISOString().slice(0, 7)}-01T00:00:00.000Z`;

function Month({ details }: { details: ProviderDetails }) {
  const now = useNow(60_000);
  return (
    <section className={styles.part}>
      <div className={styles.partHead}>
        <h2>This month</h2>
        <span className={styles.ways}>
          <Link to={{ place: 'usage', search: { range: 'month', metric: 'cost', by: 'account' } }} className="small">All accounts</Link>
          <Link to={{ place: 'tasks', search: { accountId: details.id, ended: formatSpan({ from: monthOf(now), to: null }) } }} className="small">Its tasks</Link>
        </span>
      </div>
      <div className={styles.month} role="table" aria-label="This month, by model">
        <div role="row" className={styles.monthHead}>
          {['Model', 'Attempts', 'Tokens', 'Cost'].map((head) => <span key={head} role="columnheader">{head}</span>)}
        </div>
        {details.month.map((used) => (
          <div role="row" key={used.model}>
            <span role="cell" className="mono ellipsis" title={used.model}>{used.model}</span>
            <span role="cell" className="figures">{formatCount(used.attempts)}{used.failed > 0 && <span className={styles.failed}> {formatCount(used.failed)} failed</span>}</span>
            <span role="cell" className="figures">{formatCount(used.inputTokens + used.outputTokens)}</span>
            <span role="cell" className="figures">{used.unpriced === used.attempts && used.unpriced > 0 && !details.simulated ? <span className="dim">no price</span> : <Money usd={used.costUsd} />}</span>
          </div>
        ))}
      </div>
    </section>
  );
}

const SHOWN = 24;
function Models({ models }: { models: string[] }) {
  return (
    <section className={styles.part}>
      <h2>Models</h2>
      {models.length === 0 ? (
        <p className="dim">None are known. Test it, or type them in; an agent may also name one that is not listed.</p>
      ) : (
        <div className={styles.chips}>
          {models.slice(0, SHOWN).map((model) => <Chip key={model}>{model}</Chip>)}
          {models.length > SHOWN && <span className="dim small">and {formatCount(models.length - SHOWN)} more</span>}
        </div>
      )}
    </section>
  );
}

function Troubles({ details }: { details: ProviderDetails }) {
  if (details.simulated) return null;
  return (
    <section className={styles.part}>
      <h2>What went wrong lately</h2>
      {details.troubles.length === 0 && <p className="dim">Nothing.</p>}
      <ul className={styles.troubles}>
        {details.troubles.map((one) => (
          <li key={`${one.taskId} ${one.attempt}`}>
            <div className={styles.partHead}>
              <Link to={{ place: 'tasks', id: one.taskId }} className={styles.breaks}>{one.taskTitle}</Link>
              <span className="faint small"><Age since={one.at} /></span>
            </div>
            <div className="small"><span className="mono dim">{one.code}</span> <Fragment>{one.message}</Fragment></div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Actions({ account, onEdit, onRemove }: { account: ProviderAccount } & Pick<ProviderPanelProps, 'onEdit' | 'onRemove'>) {
  const api = useApi();
  const mayWrite = useMay('providers:write').allowed;
  const { id, name, simulated } = account;
  const test = useMutation(
    api.providers.test.mutationOptions({
      onError: notifyProblem,
      onSuccess: (tested) => {
        if (tested.problem) notifyOutcome(tested.problem.message, tested.problem.fix);
        else notifyDone(`${name} ${testedWords(tested)}.`);
      },
    }),
  );
  const used = account.agents > 0 ? `${formatPlural(account.agents, 'agent')} ${account.agents === 1 ? 'runs' : 'run'} on it. Give them another account first.` : null;
  const tryIt = (): void => test.mutate({ id });
  useAction('provider.test', mayWrite && !simulated ? tryIt : null, { label: `Test ${name}` });
  useAction('provider.edit', mayWrite ? onEdit : null, { label: `Edit ${name}` });
  useAction('provider.remove', mayWrite && used === null ? onRemove : null, { label: `Remove ${name}` });
  return (
    <>
      {!simulated && <MayButton permission="providers:write" variant={account.state === 'ok' ? 'default' : 'filled'} loading={test.isPending} onClick={tryIt}>Test it</MayButton>}
      <MayButton permission="providers:write" onClick={onEdit}>Edit</MayButton>
      <MayButton permission="providers:write" reason={used} onClick={onRemove}>Remove</MayButton>
    </>
  );
}
