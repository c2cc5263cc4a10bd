// The report of a plan as it stands.
import { useQuery } from '@tanstack/react-query';
import type { Plan } from '../../shared/plan.ts';
import { useApi } from '../app/api.ts';
import { ReportDialog } from '../components/ReportDialog.tsx';
import { SimulatedTag } from '../components/values.tsx';

export function PlanReport({
  plan,
  onClose,
}: {
  plan: Pick<Plan, 'id' | 'name' | 'simulated'>;
  onClose(): void;
}) {
  const api = useApi();
  const query = useQuery(api.plans.report.queryOptions({ id: plan.id }));
  return (
    <ReportDialog
      name={plan.name}
      aside={plan.simulated && <SimulatedTag />}
      text={query.data}
      error={query.error}
      onRetry={() => void query.refetch()}
      onClose={onClose}
    />
  );
}
