// The price table: what people set here over the built-in defaults, and the price of one model.
import { AppError, notFound } from '../../shared/errors.ts';
import { MOST_PRICES, priceFor, type Price, type priceOperations, type PriceRates } from '../../shared/price.ts';
import type { Actor } from '../../shared/actor.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { jsonb, row, rows, sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { decodeCursor, toPage } from '../platform/page.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { builtInPrices, PUBLISHED } from './built-in-prices.ts';

interface PriceRow {
  id: string;
  version: number;
  pattern: string;
  input: string;
  cached_input: string | null;
  output: string;
  updated_at: Date;
  updated_by: Actor;
}

const findOwn = (tx: TenantTransaction): Promise<PriceRow[]> =>
  rows(tx.db, sql<PriceRow>`
    select id, version, pattern, trim_scale(input_per_million)::text as input, trim_scale(cached_input_per_million)::text as cached_input,
      trim_scale(output_per_million)::text as output, updated_at, updated_by from prices order by lower(pattern) limit ${MOST_PRICES}`);

const ratesOf = (found: PriceRow): PriceRates => ({
  pattern: found.pattern,
  inputPerMillion: found.input,
  cachedInputPerMillion: found.cached_input,
  outputPerMillion: found.output,
});
const builtIn = new Map(builtInPrices.map((price) => [price.pattern.toLowerCase(), price]));

function toPrice(found: PriceRow): Price {
  const default_ = builtIn.get(found.pattern.toLowerCase());
  return {
    ...ratesOf(found),
    source: 'own',
    asOf: found.updated_at.toISOString(),
    setBy: found.updated_by.name,
    id: found.id,
    version: found.version,
    builtin: default_ ? { inputPerMillion: default_.inputPerMillion, outputPerMillion: default_.outputPerMillion } : null,
  };
}

const ofBuiltIn = (rates: PriceRates): Price => ({ ...rates, source: 'builtin', asOf: PUBLISHED, setBy: null, id: null, version: 0, builtin: null });

/** All that count: own ones, and the built-in ones that none stands in for. */
async function readPrices(tx: TenantTransaction): Promise<Price[]> {
  const own = (await findOwn(tx)).map(toPrice);
  const taken = new Set(own.map(({ pattern }) => pattern.toLowerCase()));
  const rest = builtInPrices.filter(({ pattern }) => !taken.has(pattern.toLowerCase())).map(ofBuiltIn);
  return [...own, ...rest];
}

/** The prices as they are in this transaction, to be asked for several models. */
export async function openPrices(tx: TenantTransaction): Promise<(model: string) => PriceRates | null> {
  // Own ones come first: of two that say as much of a name they win.
  const prices = await readPrices(tx);
  return (model) => priceFor(prices, model);
}

const keyOf = ({ pattern }: Price): string => pattern.toLowerCase();

function announce(tx: TenantTransaction, id: string, given: { fact: 'set' | 'removed'; version: number; before?: object; after?: object }): void {
  const { fact, version, before, after } = given;
  tx.record({
    event: { type: `price.${fact}`, entity: 'price', id, version, data: null },
    audit: { action: `prices.${fact}`, entity: 'price', id, ...(before && { before }), ...(after && { after }) },
  });
}

export const priceHandlers: HandlersOf<typeof priceOperations> = {
  list: inTenant(async (tx, { limit, cursor }) => {
    const after = decodeCursor(cursor, ['text']);
    // At most five hundred, and those that are built in: they are sorted here, as they come from two places.
    const sorted = (await readPrices(tx)).sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
    const rest = after ? sorted.filter((price) => keyOf(price) > String(after[0])) : sorted;
    return toPage(rest.slice(0, limit + 1), limit, { item: (price) => price, key: (price) => [keyOf(price)] });
  }),
  set: inTenant(async (tx, input) => {
    const { count } = (await row(tx.db, sql<{ count: number }>`select count(*)::int as count from prices`))!;
    const before = (await findOwn(tx)).find(({ pattern }) => pattern.toLowerCase() === input.pattern.toLowerCase());
    if (!before && count >= MOST_PRICES) throw new AppError('conflict', `At most ${MOST_PRICES} prices can be set. Remove one, or use * for several models.`);
    const id = before?.id ?? newId();
    await sql`insert into prices (id, pattern, input_per_million, cached_input_per_million, output_per_million, updated_by)
      values (${id}, ${input.pattern}, ${input.inputPerMillion}::numeric, ${input.cachedInputPerMillion}::numeric, ${input.outputPerMillion}::numeric, ${jsonb(tx.actor)})
      on conflict (lower(pattern)) do update set pattern = excluded.pattern, input_per_million = excluded.input_per_million,
        cached_input_per_million = excluded.cached_input_per_million, output_per_million = excluded.output_per_million,
        updated_at = now(), updated_by = excluded.updated_by, version = prices.version + 1`.execute(tx.db);
    const found = (await findOwn(tx)).find(({ pattern }) => pattern.toLowerCase() === input.pattern.toLowerCase())!;
    announce(tx, found.id, { fact: 'set', version: found.version, ...(before && { before: ratesOf(before) }), after: ratesOf(found) });
    return toPrice(found);
  }),
  remove: inTenant(async (tx, { pattern }) => {
    const removed = await row(tx.db, sql<PriceRow>`delete from prices where lower(pattern) = lower(${pattern})
      returning id, version, pattern, input_per_million::text as input, cached_input_per_million::text as cached_input, output_per_million::text as output`);
    if (!removed) throw notFound('price');
    announce(tx, removed.id, { fact: 'removed', version: removed.version + 1, before: ratesOf(removed) });
    return { pattern: removed.pattern };
  }),
};
