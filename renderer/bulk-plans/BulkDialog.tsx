// A bulk action before it is done: what it needs, then the frozen plan, and one button that does exactly that.
import { Button, Modal, NumberInput, Select, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { BulkAction, BulkInput, BulkPlan } from '../../shared/bulk-plan.ts';
import { useAllAgents } from '../app/all.ts';
import { useApi } from '../app/api.ts';
import { useGo } from '../app/routes.ts';
import { formatPlural } from '../components/format.ts';
import layout from '../components/dialog.module.css';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { useNow } from '../components/now.tsx';
import { FrozenPlan } from './FrozenPlan.tsx';
import { titleOf, verbs } from './words.ts';

interface BulkDialogProps {
  action: BulkAction;
  filter: Record<string, unknown>;
  onClose(): void;
}
/** Retry, hold and delete need nothing more: their plan is made at once. */
const needsInput: Record<BulkAction, boolean> = {
  retry: false,
  cancel: true,
  reassign: true,
  reprioritise: true,
  pause: false,
  delete: false,
};

export function BulkDialog({ action, filter, onClose }: BulkDialogProps) {
  const api = useApi();
  const go = useGo();
  const freeze = useMutation(api.bulkPlans.create.mutationOptions());
  const execute = useMutation(api.bulkPlans.execute.mutationOptions());
  const { mutate } = freeze;
  useEffect(() => {
    if (!needsInput[action]) mutate({ action, filter, input: {} });
    // Once, when the dialog opens: a plan is of the filter as it was then.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  const plan = freeze.data;
  const run = ({ id, hash }: BulkPlan): void =>
    execute.mutate({ id, hash }, {
      onSuccess: () => {
        onClose();
        go({ place: 'jobs', id });
      },
    });
  return (
    <Modal
      opened
      onClose={onClose}
      title={plan ? `${titleOf(plan)}?` : `${verbs[action]} ${whichOf(filter)}`}
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={layout.body}>
        {!plan && needsInput[action] && (
          <InputForm action={action} busy={freeze.isPending} onDone={(input) => mutate({ action, filter, input })} onClose={onClose} />
        )}
        {!plan && !needsInput[action] && freeze.isPending && (
          <p className="dim" aria-live="polite">Writing down which tasks it would touch…</p>
        )}
        {freeze.error && <ProblemNotice error={freeze.error} />}
        {plan && <FrozenPlan plan={plan} />}
        {execute.error && <ProblemNotice error={execute.error} />}
        {plan && (
          <div className={layout.foot}>
            <div className={layout.footActions}>
              <Button onClick={onClose} data-autofocus autoFocus>Do nothing</Button>
              <Execute plan={plan} busy={execute.isPending} onRun={() => run(plan)} />
            </div>
          </div>
        )}
      </div>
    </Modal>
  );
}

/** Before the plan says how many there are. */
function whichOf({ ids }: Record<string, unknown>): string {
  return Array.isArray(ids) ? formatPlural(ids.length, 'task') : 'all that match';
}

function Execute({ plan, busy, onRun }: { plan: BulkPlan; busy: boolean; onRun(): void }) {
  const expired = useNow(1_000) >= Date.parse(plan.expiresAt);
  const danger = plan.action === 'cancel' || plan.action === 'delete';
  return (
    <Button variant="filled" className={danger ? layout.danger : undefined} loading={busy} disabled={expired} onClick={onRun}>
      {expired ? 'Expired: close and begin again' : titleOf(plan)}
    </Button>
  );
}

interface InputFormProps {
  action: BulkAction;
  busy: boolean;
  onDone(input: BulkInput): void;
  onClose(): void;
}
function InputForm({ action, busy, onDone, onClose }: InputFormProps) {
  const agents = useAllAgents(action === 'reassign');
  const [agentId, setAgentId] = useState<string | null>(null);
  const [priority, setPriority] = useState<string | number>(5);
  const [reason, setReason] = useState('');
  const missing = action === 'reassign' && agentId === null;
  const input: Record<'reassign' | 'reprioritise' | 'cancel', () => BulkInput> = {
    reassign: () => ({ agentId: agentId ?? '' }),
    reprioritise: () => ({ priority: Number(priority) }),
    cancel: () => (reason.trim() === '' ? {} : { reason: reason.trim() }),
  };
  return (
    <form
      className={layout.body}
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing) onDone(input[action as keyof typeof input]());
      }}
    >
      {action === 'reassign' && (
        <Select
          label="Agent"
          placeholder="Choose who gets them"
          data={(agents.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={agentId}
          onChange={setAgentId}
          searchable
          openOnFocus={false}
          required
          data-autofocus
        />
      )}
      {action === 'reprioritise' && (
        <NumberInput
          label="Priority"
          description="0 to 9; higher is taken first."
          min={0}
          max={9}
          allowDecimal={false}
          clampBehavior="strict"
          value={priority}
          onChange={setPriority}
          required
          data-autofocus
        />
      )}
      {action === 'cancel' && (
        <Textarea
          label="Reason"
          description="Optional; stands in each task and in the audit log."
          rows={2}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
      )}
      <div className={layout.actions}>
        <Button onClick={onClose}>Do nothing</Button>
        <Button type="submit" variant="filled" loading={busy} disabled={missing}>
          See what it would touch
        </Button>
      </div>
    </form>
  );
}
