// The name of a plan of which a finding knows the id. One list of plans serves all rows.
import { useAllPlans } from '../app/all.ts';

export function PlanName({ id }: { id: string }) {
  const name = useAllPlans().rows?.find((plan) => plan.id === id)?.name;
  return <span className="ellipsis" title={name}>{name ?? 'its plan'}</span>;
}
