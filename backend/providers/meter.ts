// What an attempt uses: counted from its texts while it runs, and taken from the provider's own figures at its end,
// unless they are missing or cannot be true.
import { costOf, type PriceRates } from '../../shared/price.ts';
import type { HostedUsage } from './provider.ts';

/** Of English and code; other languages have fewer. The same on both sides, so that neither is favoured. */
const BYTES_A_TOKEN = 4;
/** Services put words of their own before ours: templates, safety texts. */
export const ADDED_INPUT_TOKENS = 4_000;

/** What a provider says that it used, as the AI SDK hands it on. */
export interface ReportedUsage {
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  cachedInputTokens: number | undefined;
}

export interface Meter {
  /** Text that came, shown or only thought. */
  add(text: string): void;
  outputBytes(): number;
  /** So far, from the texts. */
  estimate(): HostedUsage;
  /** At the end. */
  settle(reported: ReportedUsage | null): HostedUsage;
}

const tokensOf = (bytes: number): number => Math.ceil(bytes / BYTES_A_TOKEN);
const isCount = (value: number | undefined): value is number => value !== undefined && Number.isSafeInteger(value) && value >= 0;

/**
 * Whether figures can be true. A token has a byte at the least, so that no text has more tokens than bytes; an answer
 * that is thought and not shown stays within the limit that was set for it.
 */
function isBelievable(reported: ReportedUsage, sizes: { inputBytes: number; outputBytes: number; maxOutputTokens: number }): boolean {
  const { inputTokens, outputTokens, cachedInputTokens = 0 } = reported;
  if (!isCount(inputTokens) || !isCount(outputTokens) || !isCount(cachedInputTokens)) return false;
  // Something was read and something was written: none of both is a figure that was left out.
  if (inputTokens === 0 || (outputTokens === 0 && sizes.outputBytes > 0)) return false;
  if (cachedInputTokens > inputTokens) return false;
  return inputTokens <= sizes.inputBytes + ADDED_INPUT_TOKENS && outputTokens <= Math.max(sizes.maxOutputTokens, sizes.outputBytes);
}

export function createMeter(given: { inputBytes: number; maxOutputTokens: number; rates: PriceRates | null }): Meter {
  const { rates, inputBytes } = given;
  let outputBytes = 0;
  const priced = (used: { inputTokens: number; cachedInputTokens?: number; outputTokens: number }, estimated: boolean): HostedUsage => ({
    inputTokens: used.inputTokens,
    outputTokens: used.outputTokens,
    costUsd: rates === null ? '0' : costOf(rates, used),
    ...(estimated && { estimated }),
    ...(rates === null && { unpriced: true }),
  });
  const estimate = () => priced({ inputTokens: tokensOf(inputBytes), outputTokens: tokensOf(outputBytes) }, true);
  return {
    add(text) {
      outputBytes += Buffer.byteLength(text);
    },
    outputBytes: () => outputBytes,
    estimate,
    settle(reported) {
      if (reported === null || !isBelievable(reported, { inputBytes, outputBytes, maxOutputTokens: given.maxOutputTokens })) return estimate();
      const { inputTokens, outputTokens, cachedInputTokens = 0 } = reported;
      return priced({ inputTokens: inputTokens!, outputTokens: outputTokens!, cachedInputTokens }, false);
    },
  };
}
