// Overview: the handler of the board of lanes.
import type { Overview, overviewOperations } from '../../shared/overview.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { row, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { readFigures } from './figures.ts';
import { readLanes } from './lanes.ts';
import { readNeeds } from './needs.ts';
import { readThroughput } from './throughput.ts';

async function readOverview(tx: TenantTransaction, windowMinutes: number): Promise<Overview> {
  const since = new Date(tx.now.getTime() - windowMinutes * 60_000);
  // First, as each statement sees what is committed by then: an event that is applied twice does no harm, its
  // version is known; one that is left out would.
  const head = (await row(tx.db, sql<{ seq: number }>`select event_seq as seq from head`))!;
  return {
    at: tx.now.toISOString(),
    seq: Number(head.seq),
    figures: await readFigures(tx, since),
    lanes: await readLanes(tx, since),
    needs: await readNeeds(tx),
    throughput: await readThroughput(tx, windowMinutes),
  };
}

export const overviewHandlers: HandlersOf<typeof overviewOperations> = {
  get: inTenant((tx, { windowMinutes }) => readOverview(tx, windowMinutes)),
};
