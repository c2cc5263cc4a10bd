// Large documents are read in a thread: the answer and the refusals are those of reading on the spot.
import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { PLAN_TEXT_LIMIT } from '../../shared/schema.ts';
import { readPlan } from '../imports/index.ts';
import { importPlan } from './import.ts';

const here = new AbortController().signal;
const task = (index: number) => `### Task ${index}: Look at part ${index}

- **Agent**: reader-${index % 3}
- **Micro-task**: Read part ${index}, and write down what holds and what does not. ${'Say where it was found. '.repeat(20)}
- **Output**: reports/part-${index}.md
`;
const large = `# Plan: Reading\n\n${Array.from({ length: 80 }, (_, index) => task(index + 1)).join('\n')}`;

describe('a plan that is imported', () => {
  it('reads the same in a thread as on the spot, while others are answered', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const preview = await importPlan({ text: large }, here);
    clearInterval(timer);
    expect(preview).toEqual(readPlan({ text: large }));
    expect(preview.plan.tasks).toHaveLength(80);
    expect(turns, 'the event loop went on').toBeGreaterThan(1);
  });

  it('is refused in a thread as on the spot, with code and fields', async () => {
    const text = `{"name": "Broken", ${'"x": 1,'.repeat(8_000)}`;
    const refusal = (work: () => unknown) =>
      Promise.resolve()
        .then(work)
        .then(
          () => undefined,
          (error: AppError) => ({ code: error.code, message: error.message, details: error.details }),
        );
    const onTheSpot = await refusal(() => readPlan({ text, format: 'json' }));
    expect(onTheSpot).toMatchObject({ code: 'validation_failed', details: { fields: [{ path: 'text' }] } });
    expect(await refusal(() => importPlan({ text, format: 'json' }, here))).toEqual(onTheSpot);
  });

  it('beyond 5 MB is refused with the limit', async () => {
    const refused = importPlan({ text: 'x'.repeat(PLAN_TEXT_LIMIT + 1) }, here);
    await expect(refused).rejects.toMatchObject({
      code: 'payload_too_large',
      details: { limit: PLAN_TEXT_LIMIT },
    });
  });

  it('is broken off when its caller is gone', async () => {
    for (const soon of [(work: () => void) => work(), setImmediate]) {
      const gone = new AbortController();
      const reading = importPlan({ text: large }, gone.signal);
      soon(() => gone.abort());
      await expect(reading).rejects.toMatchObject({ code: 'unavailable' });
    }
    await expect(importPlan({ text: large }, here)).resolves.toMatchObject({
      plan: { name: expect.stringContaining('Reading') },
    });
  });
});
