// The name of a plan of which a finding knows the id. One list of plans serves all rows.
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../app/api.ts';

export function PlanName({ id }: { id: string }) {
  const api = useApi();
  const { data } = useQuery(
    api.plans.list.queryOptions({ limit: 200 }, { select: (page) => page.items.find((plan) => plan.id === id)?.name ?? null }),
  );
  return <span className="ellipsis" title={data ?? undefined}>{data ?? 'its plan'}</span>;
}
