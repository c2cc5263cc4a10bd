// The window's side of the reader: by messages to its worker, so that the window goes on drawing.
import { AppError } from '../../../shared/errors.ts';
import { createPlainReader, type Reader } from './reader.ts';
import type { Answered, Asked } from './worker.ts';

export function createReader(): Reader {
  // Where there are no workers, as in a test, it reads in place.
  if (typeof Worker === 'undefined') return createPlainReader();
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, { resolve(data: unknown): void; reject(cause: unknown): void }>();
  let last = 0;
  const fail = (message: string): void => {
    for (const { reject } of waiting.values()) reject(new AppError('malformed_request', message));
    waiting.clear();
  };
  worker.addEventListener('error', () => fail('The file could not be read. It may be too large for the memory of this computer.'));
  worker.addEventListener('message', (event: MessageEvent<Answered>) => {
    const answer = event.data;
    const asked = waiting.get(answer.number);
    waiting.delete(answer.number);
    if (answer.ok) asked?.resolve(answer.data);
    else asked?.reject(new AppError('malformed_request', `The file cannot be read: ${answer.message}`));
  });
  const ask = <Data>(what: Asked['what'], given: unknown): Promise<Data> =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      worker.postMessage({ number: last, what, given } satisfies Asked);
    });
  return {
    read: (request) => ask('read', request),
    part: (index) => ask('part', index),
    refused: (more) => ask('refused', more),
    close() {
      worker.terminate();
      fail('The import was closed.');
    },
  };
}
