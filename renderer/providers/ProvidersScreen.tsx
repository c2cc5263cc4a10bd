// Providers: the accounts that hosted agents run on, and what their models cost.
import { MayButton } from '../app/me.tsx';
import { useGo, useRoute } from '../app/routes.ts';
import { PageHeader, Screen, Segments } from '../components/layout.tsx';
import { AccountsPart } from './AccountsPart.tsx';
import { PricesPart } from './PricesPart.tsx';

const views = [
  { value: 'accounts', label: 'Accounts' },
  { value: 'prices', label: 'Prices' },
];

export function ProvidersScreen() {
  const go = useGo();
  const { id, search } = useRoute();
  const prices = search.view === 'prices';
  const add = prices
    ? { label: 'Add a price', open: () => go({ place: 'providers', search: { view: 'prices', price: 'new' } }, { replace: true }) }
    : { label: 'Add account', open: () => go({ place: 'providers', id, search: { new: '1' } }, { replace: true }) };
  return (
    <Screen>
      <PageHeader
        title="Providers"
        aside={
          <Segments
            label="Show"
            options={views}
            value={prices ? 'prices' : 'accounts'}
            onChange={(view) => go({ place: 'providers', search: { view: view === 'prices' ? view : undefined } }, { replace: true })}
          />
        }
        actions={<MayButton permission="providers:write" variant="filled" onClick={add.open}>{add.label}</MayButton>}
      />
      {prices ? <PricesPart /> : <AccountsPart />}
    </Screen>
  );
}
