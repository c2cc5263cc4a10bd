// A service on loopback that tests talk to: it speaks the OpenAI, Anthropic and Google streams in their least form, and
// streams, stalls, errs and lies as it is told.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
}

/** What the peer does with a question; each of them writes the whole answer. */
export type Mode = (asked: Asked, answer: ServerResponse) => void | Promise<void>;

export interface Peer {
  url: string;
  port: number;
  asked: Asked[];
  /** What it does from now on. */
  mode: Mode;
  /** Answers that were left before they ended. */
  left: number;
  close(): Promise<void>;
}

export interface Said {
  pieces?: string[];
  usage?: unknown;
  finish?: string | null;
  /** Milliseconds between the pieces. */
  pace?: number;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
export const sse = (answer: ServerResponse): void => {
  if (!answer.headersSent) answer.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
};
export const event = (value: unknown, name?: string): string => `${name === undefined ? '' : `event: ${name}\n`}data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;

const chunk = (over: object) => ({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'peer-1', ...over });
export const delta = (content: string) => chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
export const finished = (reason: string) => chunk({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });

/** A good answer in the way of OpenAI's chat completions. */
export const says = ({ pieces = ['Hello ', 'world'], usage = { prompt_tokens: 100, completion_tokens: 2, total_tokens: 102 }, finish = 'stop', pace = 0 }: Said = {}): Mode =>
  async (_asked, answer) => {
    sse(answer);
    for (const piece of pieces) {
      answer.write(event(delta(piece)));
      if (pace > 0) await pause(pace);
    }
    if (finish !== null) answer.write(event(finished(finish)));
    if (usage !== null) answer.write(event(chunk({ choices: [], usage })));
    answer.end(event('[DONE]'));
  };

/** The same in the way of Anthropic's messages. */
export const saysAnthropic = (text: string): Mode => (_asked, answer) => {
  sse(answer);
  const send = (type: string, over: object) => answer.write(event({ type, ...over }, type));
  send('message_start', { message: { id: 'm', type: 'message', role: 'assistant', model: 'claude', content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 50, output_tokens: 1 } } });
  send('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
  send('ping', {});
  send('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });
  send('content_block_stop', { index: 0 });
  send('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 7 } });
  send('message_stop', {});
  answer.end();
};

/** The same in the way of Google's generateContent. */
export const saysGoogle = (text: string): Mode => (_asked, answer) => {
  sse(answer);
  answer.write(event({ candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0 }] }));
  answer.end(event({ candidates: [{ content: { role: 'model', parts: [{ text: '.' }] }, finishReason: 'STOP', index: 0 }], usageMetadata: { promptTokenCount: 60, candidatesTokenCount: 5, totalTokenCount: 65 } }));
};

/** An error with a status, in the shape of OpenAI's. */
export const fails = (status: number, message: string, more: { headers?: Record<string, string>; type?: string } = {}): Mode => (_asked, answer) => {
  answer.writeHead(status, { 'content-type': 'application/json', ...more.headers });
  answer.end(JSON.stringify({ error: { message, type: more.type ?? 'error', code: null } }));
};

/** Writes raw bytes as an event stream and ends. */
export const streams = (...raw: string[]): Mode => (_asked, answer) => {
  sse(answer);
  for (const piece of raw) answer.write(piece);
  answer.end();
};

/** Begins to answer, and then nothing more comes. */
export const stalls = (first = 'So far'): Mode => (_asked, answer) => {
  sse(answer);
  answer.write(event(delta(first)));
};
/** Not even a head comes. */
export const hangs: Mode = () => {};
/** Breaks off in the middle. */
export const breaksOff = (first = 'Half of'): Mode => async (_asked, answer) => {
  sse(answer);
  answer.write(event(delta(first)));
  await pause(20);
  answer.destroy();
};
/** Writes without an end. */
export const neverEnds: Mode = (_asked, answer) => {
  sse(answer);
  const piece = event(delta('x'.repeat(10_000)));
  const write = (): void => {
    while (!answer.destroyed && answer.write(piece));
  };
  answer.on('drain', write);
  write();
};

const models = ['peer-1', 'peer-2'];
function listed({ path }: Asked): object {
  return path.startsWith('/google') ? { models: models.map((name) => ({ name: `models/${name}`, supportedGenerationMethods: ['generateContent'] })) } : { object: 'list', data: models.map((id) => ({ id, object: 'model' })) };
}

async function read(request: IncomingMessage): Promise<Asked> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString('utf8');
  return { method: request.method!, path: request.url!, headers: request.headers, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

export async function openPeer(mode: Mode = says()): Promise<Peer> {
  const server = createServer((request, answer) => {
    void read(request).then(async (asked) => {
      peer.asked.push(asked);
      answer.on('close', () => {
        if (!answer.writableFinished) peer.left += 1;
      });
      if (asked.method === 'GET') {
        answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(listed(asked)));
        return;
      }
      await peer.mode(asked, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const peer: Peer = {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    asked: [],
    mode,
    left: 0,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return peer;
}
