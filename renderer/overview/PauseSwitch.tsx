// The one switch that pauses everything, and the line that says so while it is on.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import type { Workspace } from '../../shared/workspace.ts';
import { useApi } from '../app/api.ts';
import { MayButton } from '../app/me.tsx';
import { ConfirmDialog } from '../components/ConfirmDialog.tsx';
import { drainWords } from '../components/drain.ts';
import { formatPlural } from '../components/format.ts';
import { notifyProblem } from '../components/notify.ts';
import { StateShape } from '../components/StateBadge.tsx';
import { useUndo } from '../components/undo.tsx';
import { Time } from '../components/values.tsx';
import styles from './overview.module.css';

export interface Pausing {
  workspace: Workspace | undefined;
  busy: boolean;
  error: unknown;
  /** Answers what went wrong; null: nothing did. */
  set(paused: boolean): Promise<unknown>;
  reset(): void;
}

const PAUSED = 'Everything is paused: nothing new is claimed, what runs, runs on.';
const RESUMED = 'Everything goes on: agents claim work again.';

export function usePausing(): Pausing {
  const api = useApi();
  const undo = useUndo();
  const client = useQueryClient();
  const { data } = useQuery(api.workspace.get.queryOptions({}));
  const change = useMutation(
    api.workspace.setPaused.mutationOptions({
      onSuccess: (answer) => void client.setQueryData(api.workspace.get.queryKey({}), answer),
    }),
  );
  return {
    workspace: data,
    busy: change.isPending,
    error: change.error,
    set: (paused) =>
      change.mutateAsync({ paused }).then(
        () => {
          undo.offer({
            done: paused ? PAUSED : RESUMED,
            undone: paused ? RESUMED : PAUSED,
            undo: () => change.mutateAsync({ paused: !paused }),
          });
          return null;
        },
        (cause: unknown) => cause,
      ),
    reset: () => change.reset(),
  };
}

/** Pausing asks first; resuming does not. */
export function PauseButton({ pausing, running }: { pausing: Pausing; running: number }) {
  const [asking, setAsking] = useState(false);
  const paused = pausing.workspace?.paused ?? false;
  const close = (): void => {
    setAsking(false);
    pausing.reset();
  };
  if (paused) return <ResumeButton pausing={pausing} />;
  return (
    <>
      <MayButton
        permission="workspace:operate"
        leftSection={<IconPlayerPause size={14} />}
        onClick={() => setAsking(true)}
      >
        Pause everything
      </MayButton>
      <ConfirmDialog
        opened={asking}
        title="Pause everything?"
        confirm="Pause everything"
        dismiss="Keep it going"
        busy={pausing.busy}
        error={pausing.error}
        onClose={close}
        onConfirm={() => void pausing.set(true).then((cause) => cause === null && close())}
      >
        <p>
          From now on nothing new is claimed, by no agent and in no plan.{' '}
          {running === 0
            ? 'Nothing runs at the moment.'
            : `The ${formatPlural(running, 'task')} that ${running === 1 ? 'runs, runs' : 'run, run'} on to the end.`}{' '}
          What is queued stays queued, and people can still create tasks. Anyone who may operate the workspace
          can resume.
        </p>
      </ConfirmDialog>
    </>
  );
}

function ResumeButton({ pausing }: { pausing: Pausing }) {
  const resume = async (): Promise<void> => {
    const cause = await pausing.set(false);
    if (cause !== null) notifyProblem(cause);
  };
  return (
    <MayButton
      permission="workspace:operate"
      variant="filled"
      leftSection={<IconPlayerPlay size={14} />}
      loading={pausing.busy}
      onClick={() => void resume()}
    >
      Resume
    </MayButton>
  );
}

export function PausedBanner({ workspace, running }: { workspace: Workspace | undefined; running: number }) {
  if (!workspace?.paused) return null;
  return (
    <div className={styles.paused} role="status">
      <StateShape state="paused" size={14} />
      <span>
        <strong>Everything is paused</strong>
        {workspace.pausedBy !== null && <> by {workspace.pausedBy}</>}
        {workspace.pausedAt !== null && (
          <>
            , <Time value={workspace.pausedAt} past />
          </>
        )}
        . Nothing new is claimed. {drainWords(running)}.
      </span>
    </div>
  );
}
