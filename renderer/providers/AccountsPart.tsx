// The accounts: how each is, who runs on it and what it cost this month; the details of one beside them.
import { useMutation } from '@tanstack/react-query';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useAllProviders } from '../app/all.ts';
import { useApi } from '../app/api.ts';
import { MayButton } from '../app/me.tsx';
import { useGo, useRoute } from '../app/routes.ts';
import { ConfirmDialog } from '../components/ConfirmDialog.tsx';
import { EmptyState } from '../components/layout.tsx';
import { ListWithDetails } from '../components/ListWithDetails.tsx';
import { accountColumns } from './columns.tsx';
import { ProviderDialog } from './ProviderDialog.tsx';
import { ProviderPanel } from './ProviderPanel.tsx';

export function AccountsPart() {
  const api = useApi();
  const go = useGo();
  const { id, search } = useRoute();
  const { rows, error, retry } = useAllProviders();
  const [removing, setRemoving] = useState(false);
  const open = rows?.find((account) => account.id === id);
  const show = (next: { id?: string | null; new?: string; edit?: string }): void =>
    go({ place: 'providers', id: next.id === undefined ? id : next.id, search: { new: next.new, edit: next.edit } }, { replace: true });
  const remove = useMutation(
    api.providers.remove.mutationOptions({
      onSuccess: () => {
        setRemoving(false);
        show({ id: null });
      },
    }),
  );
  return (
    <>
      <ListWithDetails
        label="Provider accounts"
        columns={accountColumns}
        rows={rows}
        rowId={(account) => account.id}
        openId={id}
        onOpen={(account) => go({ place: 'providers', id: account.id }, { replace: id !== null })}
        error={error}
        onRetry={retry}
        empty={
          <EmptyState
            icon={<IconPlugConnected size={28} stroke={1.4} />}
            title="No provider account yet"
            actions={
              <MayButton permission="providers:write" variant="filled" leftSection={<IconPlus size={14} />} onClick={() => show({ new: '1' })}>
                Add account
              </MayButton>
            }
          >
            Hosted agents run here through an account: OpenAI, Anthropic, Google, any service that speaks OpenAI’s API, or a
            model server on your own computer. Its key is kept encrypted, and you can test it before you save it.
          </EmptyState>
        }
        details={id !== null && (
          <ProviderPanel key={id} id={id} account={open} onClose={() => show({ id: null })} onEdit={() => show({ edit: '1' })} onRemove={() => setRemoving(true)} />
        )}
      />
      <ProviderDialog opened={search.new === '1'} onClose={() => show({})} onSaved={(saved) => show({ id: saved.id })} />
      {open && (
        <>
          <ProviderDialog opened={search.edit === '1'} account={open} onClose={() => show({})} onSaved={() => show({})} />
          <ConfirmDialog
            opened={removing}
            title={`Remove ${open.name}?`}
            confirm="Remove it"
            dismiss="Keep it"
            danger
            busy={remove.isPending}
            error={remove.error}
            onConfirm={() => remove.mutate({ id: open.id })}
            onClose={() => {
              remove.reset();
              setRemoving(false);
            }}
          >
            Its key is forgotten, and this cannot be taken back. What its attempts did and cost stays.
          </ConfirmDialog>
        </>
      )}
    </>
  );
}
