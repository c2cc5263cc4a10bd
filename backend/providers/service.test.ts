// What a run makes of everything that a service can do: against a peer on loopback, through the real AI SDK.
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { serviceSettings, type ServiceKind } from '../../shared/provider.ts';
import { newId } from '../platform/ids.ts';
import { createProviders } from './index.ts';
import { createKeys } from './keys.ts';
import type { AttemptResult, AttemptRun, RunAccount } from './provider.ts';
import { breaksOff, delta, event, fails, finished, hangs, neverEnds, openPeer, says, saysAnthropic, saysGoogle, sse, stalls, streams, type Mode, type Peer } from './testing/peer.ts';

const masterKey = new Uint8Array(32).fill(7);
const KEY = 'sk-test-1234567890abcdef';
const rates = { pattern: 'peer-1', inputPerMillion: '2', cachedInputPerMillion: '0.5', outputPerMillion: '10' };
let peer: Peer;
beforeAll(async () => {
  peer = await openPeer();
});
afterAll(() => peer.close());
afterEach(() => {
  peer.asked.length = 0;
  peer.left = 0;
});

interface Given {
  kind?: ServiceKind;
  service?: object;
  account?: Partial<RunAccount>;
  task?: object;
  signal?: AbortSignal;
  key?: string | null;
  rates?: AttemptRun['rates'];
}

const { byKind } = createProviders({ masterKey, policy: 'private', openSeconds: () => 0.2 });
function accountOf({ kind = 'openai_compatible', service = {}, account = {}, key = KEY }: Given): RunAccount {
  const path = { openai_compatible: 'v1', openai: 'v1', anthropic: 'anthropic', google: 'google' }[kind];
  const ref = { id: newId(), tenantId: newId(), ...account };
  return {
    ...ref, name: 'Main', kind, settings: {},
    service: serviceSettings.parse({ baseUrl: `http://127.0.0.1:${peer.port}/${path}`, ...service }),
    secret: key === null ? null : createKeys(masterKey).seal(key, ref).secret,
    troubled: false, probing: false, coolingCount: 0, breakerEpoch: 0, ...account,
  };
}

const reports: object[] = [];
function run(mode: Mode, given: Given = {}): Promise<AttemptResult> {
  peer.mode = mode;
  reports.length = 0;
  const account = accountOf(given);
  const task = {
    title: 'Count the boats', instructions: 'All of them.', expectedOutput: 'A number', successCriteria: ['It is right'], handoff: null,
    sharedFindings: [], timeLimitSeconds: 900, ...given.task,
  };
  return byKind[account.kind].run({
    task: task as never, attempt: 1, agent: { name: 'counter', role: 'Counts things', instructions: 'Count twice.' }, model: 'peer-1',
    account, rates: given.rates === undefined ? rates : given.rates, signal: given.signal ?? new AbortController().signal,
    report: { progress: async (told) => void reports.push(told), finding: async () => {}, usage: async (told) => void reports.push(told) },
  });
}

describe('a good answer', () => {
  it('is the output, with the usage and the cost that the service says', async () => {
    expect(await run(says())).toEqual({
      kind: 'completed', output: 'Hello world', usage: { inputTokens: 100, outputTokens: 2, costUsd: '0.00022' },
    });
    const [asked] = peer.asked;
    expect(asked!.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(asked!.body).toMatchObject({ model: 'peer-1', stream: true, max_tokens: 8_192, stream_options: { include_usage: true } });
    const told = JSON.stringify(asked!.body.messages);
    for (const part of ['You are counter', 'Counts things', 'Count twice.', '# Count the boats', 'All of them.', 'A number', 'It is right']) expect(told).toContain(part);
    expect(asked!.body.tools).toBeUndefined();
  });

  it('of cached input costs what that costs', async () => {
    const usage = { prompt_tokens: 100, completion_tokens: 2, total_tokens: 102, prompt_tokens_details: { cached_tokens: 80 } };
    expect((await run(says({ usage }))).usage.costUsd).toBe('0.0001');
  });

  it('of a model without a price costs nothing, and says so', async () => {
    expect((await run(says(), { rates: null })).usage).toEqual({ inputTokens: 100, outputTokens: 2, costUsd: '0', unpriced: true });
  });

  it('comes from a local server without a key', async () => {
    expect((await run(says(), { key: null })).kind).toBe('completed');
    expect(peer.asked[0]!.headers.authorization).toBeUndefined();
  });

  it('carries on the notes of the attempt before and the findings of others', async () => {
    await run(says(), { task: { handoff: { fromTaskId: 't', notes: 'Counted to seven.' }, sharedFindings: [{ severity: 'warning', title: 'Fog', body: 'Dense', agentName: 'scout' }] } });
    const told = JSON.stringify(peer.asked[0]!.body.messages);
    expect(told).toContain('Counted to seven.');
    expect(told).toContain('warning: Fog (scout)');
  });

  it.each<{ kind: ServiceKind; mode: Mode; headers: object; usage: object }>([
    { kind: 'anthropic', mode: saysAnthropic('Seven boats'), headers: { 'x-api-key': KEY }, usage: { inputTokens: 50, outputTokens: 7 } },
    { kind: 'google', mode: saysGoogle('Seven boats'), headers: { 'x-goog-api-key': KEY }, usage: { inputTokens: 60, outputTokens: 5 } },
    { kind: 'openai', mode: says({ pieces: ['Seven boats'] }), headers: { authorization: `Bearer ${KEY}` }, usage: { inputTokens: 100, outputTokens: 2 } },
  ])('is read in the way of $kind', async ({ kind, mode, headers, usage }) => {
    const result = await run(mode, { kind });
    expect(result).toMatchObject({ kind: 'completed', usage });
    expect(result.kind === 'completed' && result.output).toMatch(/^Seven boats\.?$/);
    expect(peer.asked[0]!.headers).toMatchObject(headers);
  });

  it('is told of while it comes, throttled', async () => {
    const pieces = Array.from({ length: 30 }, () => 'word '.repeat(50));
    const result = await run(says({ pieces, pace: 40, usage: null }));
    expect(result.kind).toBe('completed');
    const used = reports.filter((told) => 'outputTokens' in told) as { outputTokens: number; costUsd: string }[];
    // A second and a thousand tokens: 1,875 tokens in 1.2 s are two or three reports, not thirty.
    expect(used.length).toBeGreaterThanOrEqual(1);
    expect(used.length).toBeLessThanOrEqual(4);
    expect(Number(used.at(-1)!.costUsd)).toBeGreaterThan(0);
  });
});

const long = 'x'.repeat(4_000);
describe('figures of usage that cannot be true are counted from the texts, and marked', () => {
  test.each([
    ['missing', null],
    ['negative', { prompt_tokens: -5, completion_tokens: 2, total_tokens: 2 }],
    ['zero', { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }],
    ['more output than there is text or allowed', { prompt_tokens: 100, completion_tokens: 1e12, total_tokens: 1e12 }],
    ['more input than was sent', { prompt_tokens: 1e9, completion_tokens: 2, total_tokens: 1e9 }],
    ['fractions', { prompt_tokens: 10.5, completion_tokens: 2, total_tokens: 12 }],
    ['more cached than read', { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12, prompt_tokens_details: { cached_tokens: 11 } }],
  ])('%s', async (_name, usage) => {
    const result = await run(says({ pieces: [long], usage }));
    expect(result.kind).toBe('completed');
    expect(result.usage).toMatchObject({ outputTokens: 1_000, estimated: true });
    expect(result.usage.inputTokens).toBeGreaterThan(50);
    expect(result.usage.inputTokens).toBeLessThan(300);
  });
});

describe('lies and faults', () => {
  const broken = { kind: 'failed', code: 'provider_broken_answer', retryable: true };
  test.each<[string, Mode, object]>([
    ['a malformed piece', streams(event(delta('Half')), 'data: {"choices": [{"del\n\n', event(finished('stop'))), broken],
    ['a stream that is no stream of this kind', streams(event({ hello: 'there' }), event('[DONE]')), broken],
    ['an empty stream', streams(), broken],
    ['an end without a reason', says({ finish: null }), broken],
    ['figures of another type', says({ usage: { prompt_tokens: 'many', completion_tokens: 2 } }), broken],
    ['a page in place of a stream', (_asked, answer) => void answer.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hi</h1>'), broken],
    ['one whole answer in place of a stream', (_asked, answer) => void answer.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[]}'), broken],
    ['a status that is none', (_asked, answer) => void answer.writeHead(999).end(), broken],
    ['done, and nothing written', says({ pieces: [] }), { kind: 'failed', code: 'provider_empty_answer', retryable: true }],
    ['done, and only blanks written', says({ pieces: [' \n'] }), { kind: 'failed', code: 'provider_empty_answer' }],
    ['a tool that it was not given', streams(event({ id: 'c', choices: [{ index: 0, delta: { tool_calls: [{ index: 0, id: 't', function: { name: 'rm', arguments: '{}' } }] }, finish_reason: null }] }), event(finished('tool_calls'))), { kind: 'failed', code: 'provider_empty_answer' }],
    ['its filter', says({ finish: 'content_filter' }), { kind: 'failed', code: 'provider_content_refused', retryable: false }],
    ['an answer without an end', neverEnds, { kind: 'failed', code: 'provider_output_too_large', retryable: false }],
    ['an answer that breaks off', breaksOff(), { kind: 'failed', retryable: true }],
    ['a stall in the middle', stalls(), { kind: 'failed', code: 'provider_stalled', retryable: true }],
    ['a stall before the head', hangs, { kind: 'failed', code: 'provider_stalled', retryable: true }],
    ['500', fails(500, 'oops'), { kind: 'failed', code: 'provider_unavailable', retryable: true }],
    ['529', fails(529, 'overloaded'), { kind: 'failed', code: 'provider_unavailable', retryable: true }],
    ['an error in the stream', streams(event({ error: { message: 'busy', type: 'server_error' } })), { kind: 'failed', code: 'provider_unavailable', retryable: true }],
    ['400', fails(400, 'context is too long'), { kind: 'failed', code: 'provider_bad_request', retryable: false, note: { kind: 'failing' } }],
    ['401', fails(401, 'bad key'), { kind: 'failed', code: 'provider_auth', retryable: false, note: { kind: 'refused' } }],
    ['402', fails(402, 'pay first'), { kind: 'failed', code: 'provider_auth', retryable: false, note: { kind: 'refused' } }],
    ['403', fails(403, 'not yours'), { kind: 'failed', code: 'provider_auth', retryable: false, note: { kind: 'refused' } }],
    ['404', fails(404, 'no such model'), { kind: 'failed', code: 'provider_not_found', retryable: false, note: { kind: 'failing' } }],
    ['a redirect', (_asked, answer) => void answer.writeHead(307, { location: 'http://127.0.0.1:1/v1' }).end(), { kind: 'failed', code: 'provider_redirect', retryable: false }],
    ['an upgrade', (_asked, answer) => void answer.writeHead(101, { connection: 'upgrade', upgrade: 'other' }).end(), { kind: 'failed', retryable: true }],
  ])('%s', async (_name, mode, expected) => {
    const result = await run(mode, { service: { stallSeconds: 1 } });
    expect(result).toMatchObject(expected);
    // No second question: trying again is the engine's to say.
    expect(peer.asked).toHaveLength(1);
  });

  it('nothing listens', async () => {
    const result = await run(says(), { service: { baseUrl: 'http://127.0.0.1:9/v1' } });
    expect(result).toMatchObject({ kind: 'failed', code: 'provider_unavailable', error: '127.0.0.1:9 could not be reached: nothing listens there.' });
  });

  it('an error page of a megabyte does not become the message', async () => {
    const result = await run((_asked, answer) => void answer.writeHead(502, { 'content-type': 'text/html' }).end(`<html>${long.repeat(250)}`));
    expect(result).toMatchObject({ code: 'provider_unavailable', error: 'It failed on its side (502).' });
  });

  it('what breaks off keeps what it has used', async () => {
    const result = await run(breaksOff(long));
    expect(result.usage).toMatchObject({ outputTokens: 1_000, estimated: true });
  });
});

describe('a rate that is used up', () => {
  const inTenSeconds = 'in ten seconds';
  test.each<[string, Record<string, string>, number | null]>([
    ['seconds', { 'retry-after': '7' }, 7],
    ['a date', { 'retry-after': inTenSeconds }, 10],
    ['a date that is past', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 1],
    ['a week', { 'retry-after': '604800' }, 3_600],
    ['nonsense', { 'retry-after': 'soon' }, null],
    ['a negative number', { 'retry-after': '-5' }, null],
    ['nothing', {}, null],
  ])('%s: the task is put back, and the account cools', async (_name, headers, seconds) => {
    const given = headers['retry-after'] === inTenSeconds ? { 'retry-after': new Date(Date.now() + 10_000).toUTCString() } : headers;
    const result = await run(fails(429, 'slow down', { headers: given }));
    expect(result).toMatchObject({ kind: 'put_back', code: 'provider_rate_limited', note: { kind: 'cooling', reason: 'rate' } });
    const said = (result.note as { seconds: number | null }).seconds;
    if (seconds === null) expect(said).toBeNull();
    else expect(Math.abs(said! - seconds)).toBeLessThanOrEqual(1);
  });

  it('is known in the middle of a stream too', async () => {
    expect(await run(streams(event({ error: { message: 'slow down', type: 'rate_limit_error' } })))).toMatchObject({ kind: 'put_back' });
  });
});

describe('time', () => {
  it('that is up hands over what was written', async () => {
    const result = await run(says({ pieces: Array.from({ length: 100 }, (_, index) => `line ${index}\n`), pace: 50 }), { task: { timeLimitSeconds: 1 } });
    expect(result).toMatchObject({ kind: 'handed_off', usage: { estimated: true } });
    const notes = result.kind === 'handed_off' ? result.notes : '';
    expect(notes).toMatch(/^The time limit of 1 s was reached/);
    expect(notes).toContain('line 0\nline 1\n');
    expect(notes).not.toContain('line 99');
    await expect.poll(() => peer.left).toBe(1);
  });

  it('an answer that is cut at the most tokens is handed over', async () => {
    const result = await run(says({ pieces: ['The first half'], finish: 'length' }), { service: { maxOutputTokens: 3 } });
    expect(result).toMatchObject({ kind: 'handed_off', usage: { outputTokens: 2 } });
    expect(result.kind === 'handed_off' && result.notes).toMatch(/cut at 3 tokens.*\n.*\n\nThe first half$/);
  });

  it('a run that is cancelled ends at once, and its connection too', async () => {
    const abort = new AbortController();
    const ended = run(stalls(), { signal: abort.signal });
    await expect.poll(() => peer.asked.length).toBe(1);
    abort.abort();
    await expect(ended).rejects.toThrow();
    await expect.poll(() => peer.left).toBe(1);
  });

  it('bytes that hold nothing keep a slow answer alive', async () => {
    const slow: Mode = async (asked, answer) => {
      sse(answer);
      for (let count = 0; count < 4; count += 1) {
        answer.write(': still thinking\n\n');
        await new Promise((resolve) => setTimeout(resolve, 400));
      }
      await says()(asked, answer);
    };
    expect(await run(slow, { service: { stallSeconds: 1 } })).toMatchObject({ kind: 'completed', output: 'Hello world' });
  });
});

describe('the breaker', () => {
  it('opens after five faults in a row, sends nothing, and closes with a probe that is answered', async () => {
    const account = { id: newId(), tenantId: newId() };
    for (let count = 0; count < 4; count += 1) expect((await run(fails(500, 'down'), { account })).note).toBeUndefined();
    const fifth = await run(fails(500, 'down'), { account });
    expect(fifth).toMatchObject({ kind: 'failed', note: { kind: 'cooling', reason: 'breaker', code: 'provider_unavailable' } });
    peer.asked.length = 0;
    expect(await run(says(), { account })).toMatchObject({ kind: 'put_back', code: 'provider_breaker_open', usage: { inputTokens: 0 } });
    expect(peer.asked).toHaveLength(0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await run(says(), { account: { ...account, probing: true, troubled: true } })).toMatchObject({ kind: 'completed', note: { kind: 'well' } });
    expect(await run(says(), { account })).toMatchObject({ kind: 'completed' });
  });

  it('is not opened by refusals of the request, nor by a rate', async () => {
    const account = { id: newId(), tenantId: newId() };
    for (let count = 0; count < 7; count += 1) await run(count % 2 ? fails(400, 'no') : fails(429, 'slow'), { account });
    expect((await run(says(), { account })).kind).toBe('completed');
  });

  it('is forgotten when another node has closed it', async () => {
    const account = { id: newId(), tenantId: newId() };
    for (let count = 0; count < 5; count += 1) await run(fails(503, 'down'), { account });
    expect((await run(says(), { account })).kind).toBe('put_back');
    expect((await run(says(), { account: { ...account, breakerEpoch: 1 } })).kind).toBe('completed');
  });

  it('a failed probe opens it again', async () => {
    const account = { id: newId(), tenantId: newId(), probing: true, troubled: true, coolingCount: 1 };
    expect(await run(fails(500, 'down'), { account })).toMatchObject({ kind: 'failed', note: { kind: 'cooling', reason: 'breaker' } });
  });
});

describe('the key', () => {
  const echo: Mode = (asked, answer) => fails(401, `You sent ${String(asked.headers.authorization)} and ${encodeURIComponent(KEY)}`)(asked, answer);
  it('is cut out of what a service says, in errors and in text', async () => {
    expect(JSON.stringify(await run(echo))).not.toContain(KEY);
    const leaking: Mode = (asked, answer) => says({ pieces: ['Your header is ', String(asked.headers.authorization).slice(0, 15), String(asked.headers.authorization).slice(15)] })(asked, answer);
    const result = await run(leaking);
    expect(result).toMatchObject({ kind: 'completed', output: 'Your header is Bearer [removed]' });
  });

  it('that was sealed for another account does not open', async () => {
    const sealed = createKeys(masterKey).seal(KEY, { id: newId(), tenantId: newId() }).secret;
    expect(await run(says(), { account: { secret: sealed } })).toMatchObject({ kind: 'failed', code: 'provider_key_unreadable', note: { kind: 'refused' } });
    expect(peer.asked).toHaveLength(0);
  });

  it('is never taken from our own variables', async () => {
    process.env['OPENAI_API_KEY'] = 'sk-of-the-operator-1234';
    try {
      expect(await run(says(), { kind: 'openai', key: null })).toMatchObject({ kind: 'failed', code: 'provider_auth' });
      await run(says(), { key: null });
      expect(JSON.stringify(peer.asked)).not.toContain('sk-of-the-operator');
    } finally {
      delete process.env['OPENAI_API_KEY'];
    }
  });
});
