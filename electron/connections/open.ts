// The connections that are open now, each made when it is first asked for.
import type { Connection } from './connection.ts';
import type { ConnectionRecord, ConnectionRecords } from './records.ts';

export interface OpenConnections {
  /** The connection of an id, opened if need be. Null: there is no such one. */
  open(id: string): Connection | null;
  /** Only when it is open already. */
  find(id: string): Connection | null;
  all(): Connection[];
  close(id: string): Promise<void>;
  closeAll(): Promise<void>;
}

export interface OpenConnectionsParts {
  records: ConnectionRecords;
  connect(record: ConnectionRecord): Connection;
}

/** None is open at first. */
export function createOpenConnections({ records, connect }: OpenConnectionsParts): OpenConnections {
  const open = new Map<string, Connection>();
  return {
    find: (id) => open.get(id) ?? null,
    all: () => [...open.values()],
    open(id) {
      const known = open.get(id);
      if (known !== undefined) return known;
      const record = records.find(id);
      if (record === null) return null;
      const made = connect(record);
      open.set(id, made);
      made.start();
      return made;
    },
    async close(id) {
      const closing = open.get(id);
      open.delete(id);
      await closing?.close();
    },
    async closeAll() {
      await Promise.all([...open.values()].map((connection) => connection.close()));
    },
  };
}
