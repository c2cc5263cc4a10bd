// A workspace with attempts at chosen times, counted as the engine counts them.
import { sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { HandlerWorkspace } from '../platform/testing/workspace.ts';

export interface PastAttempt {
  /** Seconds before now. */
  endedAgo: number;
  waitSeconds?: number;
  runSeconds?: number;
  fact?: 'succeeded' | 'failed' | 'retried' | 'handed_off' | 'cancelled';
}

/** Writes what settleMetrics would have written then: the begin and the end of each attempt. */
export async function countPast(workspace: HandlerWorkspace, attempts: PastAttempt[]): Promise<void> {
  await workspace.run(async ({ db }) => {
    const bucket = (seconds: number) => sql`ceil(ln(greatest(${seconds}::float8, 1e-5) / 1e-5) / ln(1.1))::smallint`;
    for (const { endedAgo, waitSeconds = 1, runSeconds = 10, fact = 'succeeded' } of attempts) {
      for (const seconds of [1, 60]) {
        for (const [name, ago, took] of [['wait', endedAgo + runSeconds, waitSeconds], [fact, endedAgo, runSeconds]] as const) {
          await sql`insert into metric_counts as m (seconds, at, fact, bucket, count) values (${seconds},
              date_bin(make_interval(secs => ${seconds}), now() - make_interval(secs => ${ago}), '2000-01-01T00:00:00Z'::timestamptz),
              ${name}, ${bucket(took)}, 1)
            on conflict (seconds, at, fact, bucket) do update set count = m.count + 1`.execute(db);
        }
      }
    }
  });
}

/** Samples as the sampler would have kept them, from so long ago until now. */
export async function samplePast(workspace: HandlerWorkspace, agoSeconds: number, standing: { queued: number; running: number }): Promise<void> {
  await workspace.run(async ({ db }) => {
    await sql`insert into metric_samples (at, waiting, queued, retrying, running, idle, busy, offline)
      select date_bin('15 seconds', now(), '2000-01-01T00:00:00Z'::timestamptz) - make_interval(secs => 15 * n), 0, ${standing.queued}, 0,
        ${standing.running}, 1, ${standing.running}, 0
      from generate_series(0, ${Math.floor(agoSeconds / 15)}) n on conflict do nothing`.execute(db);
  });
}

/** A task in the queue, or one that waits. */
export async function addTask(workspace: HandlerWorkspace, state: 'queued' | 'waiting', retried = false): Promise<void> {
  await workspace.run(({ db }) =>
    sql`insert into tasks (id, title, state, wait_reason, time_limit_seconds, created_by, attempt, run_at)
      values (${newId()}, 'T', ${state}, ${state === 'waiting' ? 'dependency' : null}, 900, '{}', ${retried ? 1 : 0},
        ${retried ? sql`now() + interval '1 minute'` : null})`.execute(db),
  );
}
