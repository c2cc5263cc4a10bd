// Prices of models: a table that people edit, over built-in defaults. What was recorded is not priced anew.
import { z } from 'zod';
import { operation } from './operation.ts';
import { id, line, money, page, pageInput, time } from './schema.ts';

/** US dollars for a million tokens, at most six decimals. */
export const perMillion = z
  .string()
  .trim()
  .regex(/^\d{1,6}(\.\d{1,6})?$/, 'Write US dollars for a million tokens, such as "2.5".');

/** The name of a model, in which * stands for any characters. */
export const pricePattern = line(120);

export const price = z.object({
  pattern: z.string(),
  inputPerMillion: money,
  /** Of input that the provider had read before; null: as other input. */
  cachedInputPerMillion: money.nullable(),
  outputPerMillion: money,
  /** `builtin`: shipped with Signalbox; `own`: set here, and goes before the built-in one of the same pattern. */
  source: z.enum(['builtin', 'own']),
  /** When it was published, or set here. Check with your provider. */
  asOf: time,
  /** Who set it; null: built in. */
  setBy: z.string().nullable(),
  /** Own prices: its row. */
  id: id.nullable(),
  version: z.number().int(),
  /** The built-in price that an own one stands in for. */
  builtin: z.object({ inputPerMillion: money, outputPerMillion: money }).nullable(),
});
export type Price = z.infer<typeof price>;

export const MOST_PRICES = 500;

export const priceOperations = {
  list: operation({
    kind: 'query',
    summary: 'Prices of models, by pattern: those set here, and the built-in ones that they do not stand in for.',
    input: pageInput,
    output: page(price),
    permission: 'providers:read',
    rest: { method: 'GET', path: '/api/prices', status: 200 },
  }),
  set: operation({
    kind: 'mutation',
    summary: 'Set the price of the models of a pattern. What was recorded before keeps its cost.',
    input: z.object({
      pattern: pricePattern,
      inputPerMillion: perMillion,
      cachedInputPerMillion: perMillion.nullable().default(null),
      outputPerMillion: perMillion,
    }),
    output: price,
    permission: 'providers:write',
    rest: { method: 'POST', path: '/api/prices', status: 200 },
  }),
  remove: operation({
    kind: 'mutation',
    summary: 'Remove a price that was set here; a built-in one of the same pattern counts again.',
    input: z.object({ pattern: pricePattern }),
    output: z.object({ pattern: z.string() }),
    permission: 'providers:write',
    rest: { method: 'DELETE', path: '/api/prices/:pattern', status: 200 },
  }),
};

export interface PriceRates {
  pattern: string;
  inputPerMillion: string;
  cachedInputPerMillion: string | null;
  outputPerMillion: string;
}

/** Whether a pattern is of a model; letters count the same in either case. */
export function matchesModel(pattern: string, model: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const name = model.toLowerCase();
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return name === first;
  if (!name.startsWith(first)) return false;
  const last = rest.pop()!;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return name.length - at >= last.length && name.endsWith(last);
}

/** Of the patterns that match, the one that says the most of the name; the earlier of two alike. */
export function priceFor<Rates extends PriceRates>(prices: readonly Rates[], model: string): Rates | null {
  let best: Rates | null = null;
  const weight = ({ pattern }: PriceRates): number => pattern.replaceAll('*', '').length * 2 + (pattern.includes('*') ? 0 : 1);
  for (const one of prices) {
    if (matchesModel(one.pattern, model) && (best === null || weight(one) > weight(best))) best = one;
  }
  return best;
}

const MICRO = 1_000_000n;
/** Dollars as millionths of one. */
function micro(dollars: string): bigint {
  const [whole = '0', part = ''] = dollars.split('.');
  return BigInt(whole) * MICRO + BigInt(part.padEnd(6, '0').slice(0, 6));
}
function dollars(value: bigint): string {
  const part = (value % MICRO).toString().padStart(6, '0').replace(/0+$/, '');
  return `${value / MICRO}${part === '' ? '' : `.${part}`}`;
}

/** What tokens cost, exact, rounded up to a millionth of a dollar. */
export function costOf(rates: PriceRates, used: { inputTokens: number; cachedInputTokens?: number; outputTokens: number }): string {
  const cached = BigInt(Math.min(used.cachedInputTokens ?? 0, used.inputTokens));
  const input = (BigInt(used.inputTokens) - cached) * micro(rates.inputPerMillion);
  const reread = cached * micro(rates.cachedInputPerMillion ?? rates.inputPerMillion);
  const sum = input + reread + BigInt(used.outputTokens) * micro(rates.outputPerMillion);
  return dollars((sum + MICRO - 1n) / MICRO);
}
