// Queues and schedules: where work waits, what is let through, and what the calendar brings.
import { PageHeader, Screen, Segments } from '../components/layout.tsx';
import { MayButton } from '../app/me.tsx';
import { useGo, useRoute } from '../app/routes.ts';
import { SchedulesPart } from '../schedules/index.ts';
import { QueuesPart } from './QueuesPart.tsx';

const tabs = [
  { value: 'queues', label: 'Queues' },
  { value: 'schedules', label: 'Schedules' },
];

export function QueuesScreen() {
  const go = useGo();
  const { search } = useRoute();
  const schedules = search.tab === 'schedules';
  return (
    <Screen>
      <PageHeader
        title="Queues"
        aside={
          <Segments
            label="Show"
            options={tabs}
            value={schedules ? 'schedules' : 'queues'}
            onChange={(tab) => go({ place: 'queues', search: { tab: tab === 'schedules' ? tab : undefined } }, { replace: true })}
          />
        }
        actions={
          schedules && (
            <MayButton
              permission="tasks:operate"
              variant="filled"
              onClick={() => go({ place: 'queues', search: { tab: 'schedules', new: '1' } }, { replace: true })}
            >
              New schedule
            </MayButton>
          )
        }
      />
      {schedules ? <SchedulesPart /> : <QueuesPart />}
    </Screen>
  );
}
