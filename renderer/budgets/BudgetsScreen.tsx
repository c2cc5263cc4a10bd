// Budgets: the ceilings in money and executions, how each stands, and one of them beside the list.
import { IconCoin } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Budget } from '../../shared/budget.ts';
import { useApi } from '../app/api.ts';
import { MayButton } from '../app/me.tsx';
import { useGo, useRoute } from '../app/routes.ts';
import { EmptyState, PageHeader, Screen } from '../components/layout.tsx';
import { ListWithDetails, pagesOf } from '../components/ListWithDetails.tsx';
import { BudgetDialog } from './BudgetDialog.tsx';
import { BudgetPanel } from './BudgetPanel.tsx';
import { budgetColumns } from './columns.tsx';

const idOf = (budget: Budget): string => budget.id;

export function BudgetsScreen() {
  const api = useApi();
  const go = useGo();
  const { id, search } = useRoute();
  const query = useInfiniteQuery(api.budgets.list.infiniteQueryOptions({ limit: 100 }, { getNextPageParam: (page) => page.nextCursor }));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const one = useQuery(api.budgets.get.queryOptions({ id: id ?? '' }, { enabled: id !== null }));
  const budget = newer(one.data, rows?.find((row) => row.id === id));
  const create = (): void => go({ place: 'budgets', id, search: { new: '1' } }, { replace: true });
  const edit = (on?: string): void => go({ place: 'budgets', id, search: { edit: on } }, { replace: true });
  const close = (): void => go({ place: 'budgets' }, { replace: true });
  const newButton = (
    <MayButton permission="budgets:write" variant="filled" onClick={create}>
      New budget
    </MayButton>
  );
  return (
    <Screen>
      <PageHeader title="Budgets" actions={newButton} />
      <ListWithDetails
        label="Budgets"
        columns={budgetColumns}
        rows={rows}
        rowId={idOf}
        openId={id}
        onOpen={(opened) => go({ place: 'budgets', id: opened.id }, { replace: id !== null })}
        {...pagesOf(query)}
        empty={
          <EmptyState icon={<IconCoin size={28} stroke={1.4} />} title="No budget yet" actions={newButton}>
            A budget is a ceiling in dollars or executions for the whole workspace, an agent or a plan. What work may cost is held
            before it starts; it is told to stop when nothing is left. Without one, only the quota of the month holds.
          </EmptyState>
        }
        details={
          <BudgetPanel key={id} budget={budget} error={one.error} onRetry={() => void one.refetch()} onClose={close} onEdit={() => edit('1')} />
        }
      />
      <BudgetDialog
        opened={search.new === '1'}
        about={{ agentId: search.agent, planId: search.plan }}
        onClose={() => go({ place: 'budgets', id }, { replace: true })}
        onSaved={(saved) => go({ place: 'budgets', id: saved.id }, { replace: true })}
      />
      {budget && <BudgetDialog opened={search.edit === '1'} budget={budget} onClose={() => edit()} onSaved={() => edit()} />}
    </Screen>
  );
}

function newer(one: Budget | undefined, row: Budget | undefined): Budget | undefined {
  if (!one || !row) return one ?? row;
  return one.version >= row.version ? one : row;
}
