// graphile-worker beside us, tuned as its documentation advises for throughput: a local queue, completions and failures
// in batches. Its jobs have no quota, events, audit or dependencies; the figure says what those cost.
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { seconds, type Bench } from './open.ts';

export async function drainGraphile({ bareUrl, bare }: Bench, jobs: number): Promise<number> {
  const preset = {
    worker: {
      connectionString: bareUrl,
      maxPoolSize: 10,
      concurrentJobs: 10,
      pollInterval: 2_000,
      localQueue: { size: 500 },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    },
  };
  const utils = await makeWorkerUtils({ connectionString: bareUrl });
  await utils.migrate();
  await bare.query(`select graphile_worker.add_jobs(array(select json_populate_record(null::graphile_worker.job_spec,
    json_build_object('identifier', 'work', 'payload', json_build_object('n', n))) from generate_series(1, ${jobs}) n))`);
  await utils.release();
  let done = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const took = await seconds(async () => {
    const runner = await run({
      preset,
      noHandleSignals: true,
      // A line for each job would be measured too.
      logger: new Logger(() => () => {}),
      taskList: {
        work: () => {
          done += 1;
          if (done === jobs) resolve();
        },
      },
    });
    await promise;
    await runner.stop();
  });
  return took;
}
