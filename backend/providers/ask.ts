// One question to a model, streamed through the AI SDK: its text and what it used, or a fault. Watched: it ends when its
// signal says so, when nothing comes for too long, when its time is up, and when it writes too much.
import { TASK_TEXT_LIMIT } from '../../shared/schema.ts';
import { toFault } from './classify.ts';
import { ProviderFault } from './faults.ts';
import type { AddressPolicy } from './addresses.ts';
import type { Meter, ReportedUsage } from './meter.ts';
import { openModel, type Endpoint } from './models.ts';
import type { Prompt } from './prompt.ts';

export interface Question {
  endpoint: Endpoint;
  model: string;
  prompt: Prompt;
  maxOutputTokens: number;
  policy: AddressPolicy;
  stallSeconds: number;
  /** From now on; absent: as long as the signal lets it. */
  limitMs?: number | undefined;
  signal: AbortSignal;
  meter: Pick<Meter, 'add'>;
  /** Told of each piece of text. */
  onText?: ((text: string) => void) | undefined;
}

/** How an answer ended: whole, cut at the most output tokens, or stopped as its time was up. */
export interface Answer {
  ending: 'whole' | 'cut' | 'out_of_time';
  text: string;
  reported: ReportedUsage | null;
}

type Stop = 'signal' | 'stalled' | 'out_of_time';

interface Watch {
  signal: AbortSignal;
  /** Something came. */
  alive(): void;
  /** Rejects once it is stopped. */
  stopped: Promise<never>;
  reason(): Stop | null;
  end(): void;
}

function watch({ signal, stallSeconds, limitMs }: Pick<Question, 'signal' | 'stallSeconds' | 'limitMs'>): Watch {
  const own = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  let reason: Stop | null = null;
  const stop = (why: Stop): void => {
    reason ??= why;
    own.abort();
    reject(new DOMException('stopped', 'AbortError'));
  };
  const onSignal = () => stop('signal');
  signal.addEventListener('abort', onSignal, { once: true });
  if (signal.aborted) onSignal();
  const limit = limitMs === undefined ? undefined : setTimeout(() => stop('out_of_time'), limitMs);
  const stall = setTimeout(() => stop('stalled'), stallSeconds * 1000);
  return {
    signal: own.signal,
    alive: () => void stall.refresh(),
    stopped: promise,
    reason: () => reason,
    end() {
      clearTimeout(limit);
      clearTimeout(stall);
      signal.removeEventListener('abort', onSignal);
      // Whatever still runs of it is left.
      own.abort();
    },
  };
}

interface Reading {
  text: string;
  bytes: number;
  finish: { reason: string; raw: string | undefined; usage: ReportedUsage } | null;
}

/** Asks, and reads to the end. Throws a fault, or an AbortError when the signal said so. */
export async function ask(question: Question): Promise<Answer> {
  // The SDK is loaded by the first question: that is no stall of the service's.
  await import('ai');
  question.signal.throwIfAborted();
  const watching = watch(question);
  const reading: Reading = { text: '', bytes: 0, finish: null };
  try {
    await Promise.race([read(question, watching, reading), watching.stopped]);
  } catch (error) {
    const reason = watching.reason();
    if (reason === 'signal') throw error;
    if (reason === 'out_of_time') return { ending: 'out_of_time', text: reading.text, reported: null };
    if (reason === 'stalled') throw new ProviderFault('provider_stalled', `Nothing came from it for ${question.stallSeconds} s.`);
    throw toFault(error, question.endpoint.key, new Date());
  } finally {
    watching.end();
  }
  return conclude(reading);
}

async function read(question: Question, watching: Watch, reading: Reading): Promise<void> {
  const { streamText } = await import('ai');
  const model = await openModel(question.endpoint, question.model, { policy: question.policy, expect: 'text/event-stream', onBytes: watching.alive });
  const { stream } = streamText({
    model,
    instructions: question.prompt.instructions,
    prompt: question.prompt.prompt,
    maxOutputTokens: question.maxOutputTokens,
    // Whether it is tried again is the engine's to say.
    maxRetries: 0,
    abortSignal: watching.signal,
    // It is in the stream as well; the SDK's own way is to print it.
    onError: () => {},
  });
  for await (const part of stream) {
    switch (part.type) {
      case 'text-delta':
        add(question, reading, part.text);
        break;
      case 'reasoning-delta':
        question.meter.add(part.text);
        break;
      case 'error':
        throw part.error;
      case 'finish': {
        const { inputTokens, outputTokens, inputTokenDetails } = part.totalUsage;
        const usage = { inputTokens, outputTokens, cachedInputTokens: inputTokenDetails.cacheReadTokens };
        reading.finish = { reason: part.finishReason, raw: part.rawFinishReason, usage };
        break;
      }
      default:
    }
  }
}

function add(question: Question, reading: Reading, text: string): void {
  reading.text += text;
  reading.bytes += Buffer.byteLength(text);
  question.meter.add(text);
  if (reading.bytes > TASK_TEXT_LIMIT) {
    throw new ProviderFault('provider_output_too_large', `Its answer is larger than ${TASK_TEXT_LIMIT / 1_000_000} MB, which is the most that a task’s output may be.`);
  }
  question.onText?.(text);
}

/** What was read, as an answer; a stream that ended without saying that it is whole is none. */
function conclude({ text, finish }: Reading): Answer {
  if (finish === null || finish.raw === undefined) {
    throw new ProviderFault('provider_broken_answer', text === '' ? 'Its answer holds nothing that can be read.' : 'Its answer broke off in the middle.');
  }
  const answer = { text, reported: finish.usage };
  switch (finish.reason) {
    case 'length':
      return { ...answer, ending: 'cut' };
    case 'content-filter':
      throw new ProviderFault('provider_content_refused', 'Its content filter stopped the answer.');
    case 'error':
      throw new ProviderFault('provider_broken_answer', 'It broke off with an error that it did not name.');
    default:
      if (text.trim() === '') throw new ProviderFault('provider_empty_answer', 'It said that it is done, and wrote nothing.');
      return { ...answer, ending: 'whole' };
  }
}
