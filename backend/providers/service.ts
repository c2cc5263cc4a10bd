// Runs an attempt on a service: the question, its progress and usage while it is answered, and how it ended, told so that
// the engine knows whether an attempt is spent and the account whether it is well.
import { isServiceKind } from '../../shared/provider.ts';
import { AppError } from '../../shared/errors.ts';
import { elapsed } from '../platform/clock.ts';
import type { AddressPolicy } from './addresses.ts';
import { ask, type Answer, type Question } from './ask.ts';
import type { Breakers } from './breakers.ts';
import { ProviderFault, redact, type FaultCode } from './faults.ts';
import { createMeter, type Meter } from './meter.ts';
import { promptOf } from './prompt.ts';
import type { AccountNote, AttemptResult, AttemptRun, Provider, RunAccount } from './provider.ts';

export interface ServiceOptions {
  policy: AddressPolicy;
  breakers: Breakers;
  /** The account's key; throws `provider_key_unreadable`. */
  openKey(account: Pick<RunAccount, 'id' | 'tenantId' | 'secret'>): string | null;
  openSeconds(count: number): number;
  /** Seconds from the question to the end of the answer, and to its first word. */
  observe?: ((of: { kind: string; outcome: FaultCode | 'answered' }, seconds: { whole: number; first: number | null }) => void) | undefined;
}

const PROGRESS_MS = 2_000;
const USAGE_MS = 1_000;
const USAGE_TOKENS = 1_000;
/** Of handoff notes; the newest part of a longer text is kept. */
const LONGEST_NOTES = 90_000;

/** Milliseconds before its limit at which an answer is left, so that its notes are written before the engine ends it. */
export function marginMs(timeLimitSeconds: number): number {
  return Math.min(5_000, Math.max(250, timeLimitSeconds * 100));
}

/** Tells the engine of what comes, not more often than it can bear; what it answers ends the run through its signal. */
function createTeller(run: AttemptRun, meter: Meter) {
  let told = { progress: elapsed(), usage: elapsed(), tokens: 0 };
  let under = false;
  let failed: unknown;
  const send = async (): Promise<void> => {
    const now = elapsed();
    const usage = meter.estimate();
    if (now - told.usage >= USAGE_MS || usage.outputTokens - told.tokens >= USAGE_TOKENS) {
      told = { ...told, usage: now, tokens: usage.outputTokens };
      await run.report.usage({ inputTokens: usage.inputTokens, outputTokens: usage.outputTokens, costUsd: usage.costUsd });
    }
    if (now - told.progress >= PROGRESS_MS) {
      told = { ...told, progress: now };
      const count = (value: number): string => value.toLocaleString('en');
      await run.report.progress({ message: `${count(meter.outputBytes())} bytes written, about ${count(usage.outputTokens)} tokens` });
    }
  };
  return {
    tell(): void {
      // One at a time: the answer is read on meanwhile.
      if (under || failed !== undefined) return;
      under = true;
      send()
        .catch((error: unknown) => {
          // A lost lease; a database that is away is asked again with the next piece.
          if (error instanceof AppError) failed = error;
        })
        .finally(() => {
          under = false;
        });
    },
    failed: () => failed,
  };
}

export function createService(options: ServiceOptions): Provider {
  async function answerOf(run: AttemptRun, meter: Meter, key: string | null): Promise<Answer> {
    const { account, task, model } = run;
    if (!isServiceKind(account.kind)) throw new Error('The simulator is no service.');
    const lost = new AbortController();
    const teller = createTeller(run, meter);
    const began = elapsed();
    let first: number | null = null;
    const question: Question = {
      endpoint: { kind: account.kind, service: account.service, key },
      model,
      prompt: promptOf(run),
      maxOutputTokens: account.service.maxOutputTokens,
      policy: options.policy,
      stallSeconds: account.service.stallSeconds,
      limitMs: Math.max(100, task.timeLimitSeconds * 1000 - marginMs(task.timeLimitSeconds)),
      signal: AbortSignal.any([run.signal, lost.signal]),
      meter,
      onText() {
        first ??= (elapsed() - began) / 1000;
        teller.tell();
        if (teller.failed() !== undefined) lost.abort();
      },
    };
    const observed = (outcome: FaultCode | 'answered') => options.observe?.({ kind: account.kind, outcome }, { whole: (elapsed() - began) / 1000, first });
    try {
      const answer = await ask(question);
      observed('answered');
      return answer;
    } catch (error) {
      if (error instanceof ProviderFault) observed(error.code);
      throw teller.failed() ?? error;
    }
  }

  function failed(run: AttemptRun, meter: Meter, fault: ProviderFault): AttemptResult {
    const { code, message } = fault;
    const open = code === 'provider_breaker_open';
    // Nothing was answered where the provider refused: nothing was used.
    const nothing = { inputTokens: 0, outputTokens: 0, costUsd: '0' };
    const usage = meter.outputBytes() === 0 ? nothing : meter.estimate();
    const note = noteOf(run.account, fault);
    const told = { error: message, code, usage, ...(note && { note }) };
    return open || code === 'provider_rate_limited' ? { kind: 'put_back', ...told } : { kind: 'failed', ...told, retryable: fault.facts.retryable };
  }

  function noteOf(account: RunAccount, { code, message, facts, retryAfterSeconds }: ProviderFault): AccountNote | null {
    const breaker = { kind: 'cooling', reason: 'breaker', seconds: options.openSeconds(account.coolingCount), code, message } as const;
    if (code === 'provider_rate_limited') return { kind: 'cooling', reason: 'rate', seconds: retryAfterSeconds, code, message };
    if (facts.breaks) return account.probing || options.breakers.state(account.id) === 'open' ? breaker : null;
    if (code === 'provider_breaker_open') return breaker;
    return facts.account === null ? null : { kind: facts.account, code, message };
  }

  function ended(run: AttemptRun, answer: Answer, parts: { meter: Meter; key: string | null }): AttemptResult {
    const usage = parts.meter.settle(answer.reported);
    const text = redact(answer.text, parts.key);
    const well = run.account.troubled ? { note: { kind: 'well' } as const } : {};
    if (answer.ending === 'whole') return { kind: 'completed', output: text, usage, ...well };
    const why =
      answer.ending === 'cut'
        ? `The answer was cut at ${run.account.service.maxOutputTokens.toLocaleString('en')} tokens, the most that the account “${run.account.name}” allows.`
        : `The time limit of ${run.task.timeLimitSeconds} s was reached while the answer was written.`;
    // Nothing came before the time was up: the service was slow, and is not known to be well.
    const note = answer.ending === 'cut' || text !== '' ? well : {};
    return { kind: 'handed_off', notes: notesOf(why, text, run), usage, ...note };
  }

  return {
    async run(run) {
      const { instructions, prompt } = promptOf(run);
      const { maxOutputTokens } = run.account.service;
      const inputBytes = Buffer.byteLength(instructions) + Buffer.byteLength(prompt);
      const meter = createMeter({ inputBytes, maxOutputTokens, rates: run.rates });
      try {
        const key = options.openKey(run.account);
        const answer = await options.breakers.run(run.account, () => answerOf(run, meter, key));
        return ended(run, answer, { meter, key });
      } catch (error) {
        if (error instanceof ProviderFault) return failed(run, meter, error);
        throw error;
      }
    },
  };
}

/** What the next one goes on from: why it ended, and the text so far, its end where it is long. */
function notesOf(why: string, text: string, run: AttemptRun): string {
  if (text === '') return [why, 'Nothing was written yet.', ...(run.task.handoff ? ['', run.task.handoff.notes] : [])].join('\n').slice(0, LONGEST_NOTES);
  const kept = text.slice(-LONGEST_NOTES);
  const from = kept.length < text.length ? `The last ${kept.length.toLocaleString('en')} of ${text.length.toLocaleString('en')} characters` : 'What was written so far';
  return `${why}\n${from}:\n\n${kept}`;
}
