// How long events are kept, with what another choice would let go, before it is made.
import { NativeSelect } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { KEPT_EVENTS } from '../../shared/workspace.ts';
import { useApi } from '../app/api.ts';
import { MayButton, useMay } from '../app/me.tsx';
import { formatCount, formatPlural } from '../components/format.ts';
import { Panel } from '../components/layout.tsx';
import { notifyDone } from '../components/notify.ts';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { Time } from '../components/values.tsx';
import styles from './settings.module.css';

const FOR_EVER = 'forever';
const choices = [1, 7, 30, 90, 365];

export function RetentionForm() {
  const api = useApi();
  const client = useQueryClient();
  const may = useMay('workspace:write');
  const found = useQuery(api.workspace.get.queryOptions({}));
  const [chosen, setChosen] = useState<number | null | undefined>(undefined);
  const current = found.data?.keepEventsDays;
  const wanted = chosen === undefined ? current : chosen;
  const changed = wanted !== undefined && wanted !== current;
  const preview = useQuery(
    api.workspace.previewRetention.queryOptions({ keepEventsDays: wanted ?? null }, { enabled: changed, gcTime: 0 }),
  );
  const set = useMutation(
    api.workspace.setRetention.mutationOptions({
      onSuccess: (workspace) => {
        client.setQueryData(api.workspace.get.queryKey({}), workspace);
        setChosen(undefined);
        notifyDone('Saved. What is too old goes in the next minutes.');
      },
    }),
  );
  if (current === undefined) return null;
  const days = choices.includes(current ?? 0) || current === null ? choices : [...choices, current].toSorted((a, b) => a - b);
  return (
    <Panel title="How long events are kept">
      <p className={styles.text}>
        Events drive what is live on screen, and programs that follow the stream. At most the newest {formatCount(KEPT_EVENTS)}{' '}
        are kept. Tasks with their attempts and outputs, findings, plans, usage and the audit log are never let go by
        themselves.
      </p>
      <div className={styles.inline}>
        <NativeSelect
          aria-label="Keep events for"
          disabled={!may.allowed}
          value={wanted === null || wanted === undefined ? FOR_EVER : String(wanted)}
          onChange={({ currentTarget: { value } }) => setChosen(value === FOR_EVER ? null : Number(value))}
          data={[
            ...days.map((count) => ({ value: String(count), label: formatPlural(count, 'day') })),
            { value: FOR_EVER, label: `For ever, the newest ${formatCount(KEPT_EVENTS)}` },
          ]}
        />
        <MayButton
          permission="workspace:write"
          reason={changed ? null : 'It is set to this already.'}
          loading={set.isPending}
          onClick={() => set.mutate({ keepEventsDays: wanted ?? null })}
        >
          Save
        </MayButton>
      </div>
      <div role="status" className="dim">
        {changed && preview.data !== undefined && (
          <>
            {preview.data.events === 0 ? 'Nothing would go now.' : `${formatPlural(preview.data.events, 'event')} would go.`}
            {preview.data.events > 0 && preview.data.keptSince !== null && (
              <> What is kept would begin <Time value={preview.data.keptSince} />.</>
            )}
          </>
        )}
        {changed && preview.isPending && 'Counting what would go…'}
      </div>
      {changed && preview.error && <ProblemNotice error={preview.error} />}
      {set.error && <ProblemNotice error={set.error} />}
    </Panel>
  );
}
