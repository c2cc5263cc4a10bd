// The columns of the accounts and of the prices.
import type { Price } from '../../shared/price.ts';
import { kindLabel, type ProviderAccount } from '../../shared/provider.ts';
import { formatCount } from '../components/format.ts';
import type { ListColumn } from '../components/ListTable.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import { AgentMark, Money, Time } from '../components/values.tsx';
import { rateWords, stateShapes, stateWord } from './words.ts';

export function AccountState({ account }: { account: Pick<ProviderAccount, 'state' | 'problem'> }) {
  return <StateBadge state={stateShapes[account.state]}>{stateWord(account)}</StateBadge>;
}

export const accountColumns: readonly ListColumn<ProviderAccount>[] = [
  { id: 'state', header: 'State', width: 122, sortBy: ({ state }) => state, cell: (account) => <AccountState account={account} /> },
  {
    id: 'name',
    header: 'Account',
    width: 170,
    grow: true,
    sortBy: ({ name }) => name.toLowerCase(),
    cell: ({ name, simulated }) => <AgentMark name={name} simulated={simulated} />,
  },
  { id: 'kind', header: 'Kind', width: 196, hideBelow: 880, sortBy: ({ kind }) => kind, cell: ({ kind }) => <span className="ellipsis" title={kindLabel(kind)}>{kindLabel(kind)}</span> },
  { id: 'until', header: 'Until', width: 100, hideBelow: 600, cell: ({ until }) => <Time value={until} everyMs={1_000} /> },
  { id: 'models', header: 'Models', width: 76, align: 'right', hideBelow: 680, sortBy: ({ models }) => models.length, cell: ({ models }) => formatCount(models.length) },
  { id: 'agents', header: 'Agents', width: 76, align: 'right', sortBy: ({ agents }) => agents, cell: ({ agents }) => formatCount(agents) },
  { id: 'cost', header: 'This month', width: 96, align: 'right', hideBelow: 500, sortBy: ({ monthCostUsd }) => Number(monthCostUsd), cell: ({ monthCostUsd }) => <Money usd={monthCostUsd} /> },
];

export const priceColumns: readonly ListColumn<Price>[] = [
  {
    id: 'pattern',
    header: 'Model',
    width: 170,
    grow: true,
    sortBy: ({ pattern }) => pattern.toLowerCase(),
    cell: ({ pattern }) => <span className="mono ellipsis" title={pattern}>{pattern}</span>,
  },
  { id: 'input', header: 'Input', width: 96, align: 'right', sortBy: ({ inputPerMillion }) => Number(inputPerMillion), cell: ({ inputPerMillion }) => rateWords(inputPerMillion) },
  { id: 'cached', header: 'Cached input', width: 112, align: 'right', hideBelow: 660, cell: ({ cachedInputPerMillion }) => rateWords(cachedInputPerMillion) },
  { id: 'output', header: 'Output', width: 96, align: 'right', sortBy: ({ outputPerMillion }) => Number(outputPerMillion), cell: ({ outputPerMillion }) => rateWords(outputPerMillion) },
  { id: 'source', header: 'Set by', width: 140, hideBelow: 540, sortBy: ({ source }) => source, cell: ({ setBy }) => (setBy === null ? <span className="faint">built in</span> : <span className="ellipsis" title={setBy}>{setBy}</span>) },
  { id: 'asOf', header: 'As of', width: 110, align: 'right', hideBelow: 760, sortBy: ({ asOf }) => asOf, cell: ({ asOf }) => <Time value={asOf} past /> },
];
