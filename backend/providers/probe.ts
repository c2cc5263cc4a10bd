// Testing an account: its models and one short answer, with the time that it took. What goes wrong is the answer.
import type { ProviderTest } from '../../shared/provider.ts';
import { elapsed } from '../platform/clock.ts';
import type { AddressPolicy } from './addresses.ts';
import { ask } from './ask.ts';
import { fixes, toFault } from './classify.ts';
import { redact, type ProviderFault } from './faults.ts';
import { listModels, type Endpoint } from './models.ts';

export interface ProbeInput {
  endpoint: Endpoint;
  /** Asked in this order; the first that there is. */
  models: (string | undefined)[];
  policy: AddressPolicy;
  signal: AbortSignal;
}

export type Probed = Omit<ProviderTest, 'at'> & { list: string[]; fault: ProviderFault | null };

const LIST_MS = 8_000;
const ANSWER_SECONDS = 15;
const TOKENS = 16;

/** The end of whichever comes first, as a signal. */
const within = (signal: AbortSignal, milliseconds: number): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);

/** Models that answer to chat come before those that embed, speak or draw. */
function firstChat(list: readonly string[]): string | undefined {
  return list.find((name) => !/embed|tts|whisper|audio|image|moderation|dall-e|rerank|realtime|transcribe|imagen|veo|aqa/i.test(name)) ?? list[0];
}

export async function probe({ endpoint, models, policy, signal }: ProbeInput): Promise<Probed> {
  const failed = (fault: ProviderFault, so: Partial<Probed>): Probed => ({
    ok: false,
    milliseconds: null,
    models: null,
    model: null,
    list: [],
    ...so,
    problem: { code: fault.code, message: fault.message, fix: fixes[fault.code] },
    fault,
  });
  let list: string[] = [];
  let listing: ProviderFault | null = null;
  try {
    list = (await listModels(endpoint, { policy, signal: within(signal, LIST_MS) })).map((name) => redact(name, endpoint.key));
  } catch (error) {
    listing = toFault(error, endpoint.key, new Date());
    // Not every service lists its models; one that refuses the key, or is not there, need not be asked more.
    if (!['provider_not_found', 'provider_broken_answer', 'provider_bad_request'].includes(listing.code)) return failed(listing, {});
  }
  const model = models.find((one) => one !== undefined) ?? firstChat(list);
  const known = { models: listing === null ? list.length : null, list };
  if (model === undefined) return { ...failed(listing ?? toFault(new Error('It lists no models.'), null, new Date()), known), problem: { code: listing?.code ?? 'provider_not_found', message: listing?.message ?? 'It lists no models.', fix: 'Type in the name of a model, and test again.' } };
  const began = elapsed();
  try {
    await ask({
      endpoint,
      model,
      prompt: { instructions: 'Answer with one word.', prompt: 'Say: ready' },
      maxOutputTokens: TOKENS,
      policy,
      stallSeconds: ANSWER_SECONDS,
      limitMs: ANSWER_SECONDS * 1000,
      signal,
      meter: { add: () => {} },
    });
    return { ok: true, milliseconds: Math.round(elapsed() - began), model, problem: null, fault: null, ...known };
  } catch (error) {
    signal.throwIfAborted();
    const fault = toFault(error, endpoint.key, new Date());
    // A model that only thinks within so few tokens is there and answers.
    if (fault.code === 'provider_empty_answer') return { ok: true, milliseconds: Math.round(elapsed() - began), model, problem: null, fault: null, ...known };
    return failed(fault, { ...known, model });
  }
}
