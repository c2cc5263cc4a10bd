// How accounts are said: their states in words and shape, and what a test has shown. Pure.
import type { ProviderAccount, ProviderState, ProviderTest } from '../../shared/provider.ts';
import { formatCount, formatPlural } from '../components/format.ts';
import type { ShownState } from '../components/state.ts';

/** The shapes and colours of tasks' states, which say the same: green works, amber waits, red does not. */
export const stateShapes: Record<ProviderState, ShownState> = {
  ok: 'succeeded',
  failing: 'failed',
  cooling: 'retrying',
  breaker_open: 'retrying',
  refused: 'failed',
};

const words: Record<ProviderState, string> = {
  ok: 'OK',
  failing: 'Failing',
  cooling: 'Cooling',
  breaker_open: 'Breaker open',
  refused: 'Refused',
};

/** `Key refused` where it is the key. */
export function stateWord({ state, problem }: Pick<ProviderAccount, 'state' | 'problem'>): string {
  return state === 'refused' && problem?.code === 'provider_auth' ? 'Key refused' : words[state];
}

/** "answers in 0.4 s, 12 models" */
export function testedWords({ ok, milliseconds, models }: ProviderTest): string {
  if (!ok) return 'it did not answer well';
  const seconds = milliseconds === null ? '' : ` in ${formatSeconds(milliseconds)}`;
  return `answers${seconds}, ${models === null ? 'does not list its models' : formatPlural(models, 'model')}`;
}

function formatSeconds(milliseconds: number): string {
  return milliseconds < 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${formatCount(Math.round(milliseconds / 1000))} s`;
}

/** Dollars for a million tokens, as they were written: "$2.50", and never rounded. */
export function rateWords(dollars: string | null): string {
  if (dollars === null) return '–';
  const [whole = '0', part = ''] = dollars.split('.');
  return `$${Number(whole).toLocaleString('en')}.${part.padEnd(2, '0')}`;
}
