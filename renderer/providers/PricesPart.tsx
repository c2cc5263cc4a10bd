// The price table: what models cost, as published or as set here; Enter changes one.
import { IconCoin } from '@tabler/icons-react';
import { useAllPrices } from '../app/all.ts';
import { useGo, useRoute } from '../app/routes.ts';
import { EmptyState } from '../components/layout.tsx';
import { ListTable } from '../components/ListTable.tsx';
import { priceColumns } from './columns.tsx';
import { PriceDialog } from './PriceDialog.tsx';
import styles from './providers.module.css';

export function PricesPart() {
  const go = useGo();
  const { search } = useRoute();
  const { rows, error, retry } = useAllPrices();
  const show = (price?: string): void => go({ place: 'providers', search: { view: 'prices', price } }, { replace: true });
  const open = search.price;
  return (
    <div className={styles.prices}>
      <p className={styles.lead}>
        US dollars for a million tokens. The built-in prices are what the services published when they were noted: check them with
        your provider. A change counts for attempts from then on; what was recorded keeps its cost.
      </p>
      <ListTable
        label="Prices"
        columns={priceColumns}
        rows={rows}
        rowId={(price) => price.pattern.toLowerCase()}
        selectedId={null}
        onOpen={(price) => show(price.pattern)}
        error={error}
        onRetry={retry}
        empty={<EmptyState icon={<IconCoin size={28} stroke={1.4} />} title="No price is known">Add one for each model that your agents use.</EmptyState>}
        autoFocus
      />
      <PriceDialog
        key={open ?? ''}
        opened={open !== undefined && rows !== undefined}
        pattern={open === 'new' ? '' : (open ?? '')}
        price={rows?.find(({ pattern }) => pattern.toLowerCase() === open?.toLowerCase())}
        onClose={() => show()}
      />
    </div>
  );
}
