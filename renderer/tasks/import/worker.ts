// The reader in a worker of its own: asked by messages, one answer each.
import { createPlainReader, type Reader } from './reader.ts';

export interface Asked {
  number: number;
  what: 'read' | 'part' | 'refused';
  given: unknown;
}
export type Answered = { number: number; ok: true; data: unknown } | { number: number; ok: false; message: string };

const reader = createPlainReader();

addEventListener('message', (event: MessageEvent<Asked>) => {
  const { number, what, given } = event.data;
  const run = reader[what] as (given: unknown) => ReturnType<Reader[typeof what]>;
  run(given).then(
    (data) => answer({ number, ok: true, data }),
    (cause: unknown) => answer({ number, ok: false, message: String(cause) }),
  );
});

function answer(message: Answered): void {
  (postMessage as (message: Answered) => void)(message);
}
