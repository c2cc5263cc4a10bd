// Prices that are known without being entered: what the services publish for a million tokens, in US dollars. They age,
// and contracts differ: the price table says when they were noted, and that they are to be checked with the provider.
import type { PriceRates } from '../../shared/price.ts';

/** When these were noted. */
export const PUBLISHED = '2025-06-01T00:00:00.000Z';

const table: readonly [pattern: string, input: string, cachedInput: string | null, output: string][] = [
  ['claude-3-haiku*', '0.25', '0.03', '1.25'],
  ['claude-3-5-haiku*', '0.8', '0.08', '4'],
  ['claude-3-5-sonnet*', '3', '0.3', '15'],
  ['claude-3-7-sonnet*', '3', '0.3', '15'],
  ['claude-3-opus*', '15', '1.5', '75'],
  ['claude-opus-4*', '15', '1.5', '75'],
  ['claude-sonnet-4*', '3', '0.3', '15'],
  ['gemini-1.5-flash*', '0.075', '0.01875', '0.3'],
  ['gemini-1.5-pro*', '1.25', '0.3125', '5'],
  ['gemini-2.0-flash*', '0.1', '0.025', '0.4'],
  ['gemini-2.0-flash-lite*', '0.075', null, '0.3'],
  ['gemini-2.5-flash*', '0.3', '0.075', '2.5'],
  ['gemini-2.5-pro*', '1.25', '0.31', '10'],
  ['gpt-3.5-turbo*', '0.5', null, '1.5'],
  ['gpt-4', '30', null, '60'],
  ['gpt-4-turbo*', '10', null, '30'],
  ['gpt-4.1*', '2', '0.5', '8'],
  ['gpt-4.1-mini*', '0.4', '0.1', '1.6'],
  ['gpt-4.1-nano*', '0.1', '0.025', '0.4'],
  ['gpt-4o*', '2.5', '1.25', '10'],
  ['gpt-4o-mini*', '0.15', '0.075', '0.6'],
  ['mistral-large*', '2', null, '6'],
  ['mistral-small*', '0.1', null, '0.3'],
  ['o1', '15', '7.5', '60'],
  ['o1-mini*', '1.1', '0.55', '4.4'],
  ['o3', '2', '0.5', '8'],
  ['o3-mini*', '1.1', '0.55', '4.4'],
  ['o4-mini*', '1.1', '0.275', '4.4'],
  ['deepseek-chat', '0.27', '0.07', '1.1'],
  ['deepseek-reasoner', '0.55', '0.14', '2.19'],
];

export const builtInPrices: readonly PriceRates[] = table.map(([pattern, inputPerMillion, cachedInputPerMillion, outputPerMillion]) => ({
  pattern,
  inputPerMillion,
  cachedInputPerMillion,
  outputPerMillion,
}));
