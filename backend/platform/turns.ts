// Turns at the database: how tenants share a node's connections. A tenant's commits come one after the other anyway (its
// head row), so what one has to do waits for its own turns and not in front of everybody else's.

export interface Turns {
  /** Resolves when the tenant may use a connection; the answer gives it back. Throws `Crowded` after a while. */
  take(tenantId: string): Promise<() => void>;
  /** Those that wait for one. */
  waiting(): number;
}

/** No turn came in time. Its code is PostgreSQL's own for too many connections: a caller need not tell the two apart. */
export class Crowded extends Error {
  readonly code = '53300';
  constructor(milliseconds: number) {
    super(`No connection to the database was free for ${milliseconds} ms.`);
  }
}

interface Line {
  held: number;
  waiting: (() => void)[];
}

/**
 * `connections`: those that there are. A tenant uses half of them at the most, all of them together leave one to the
 * platform; one that falls free goes to the tenant that uses the fewest, among equals to the one that waits longest.
 * `waitMs`: how long a turn is waited for at the most.
 */
export function createTurns(connections: number, waitMs = Number.POSITIVE_INFINITY): Turns {
  const most = Math.max(1, Math.floor(connections / 2));
  let free = Math.max(1, connections - 1);
  // Those with a connection or a wish for one, in the order in which they wait.
  const lines = new Map<string, Line>();

  function next(): Line | undefined {
    let best: Line | undefined;
    for (const line of lines.values()) {
      if (line.waiting.length > 0 && line.held < most && (best === undefined || line.held < best.held)) best = line;
    }
    return best;
  }

  function serve(): void {
    for (let line = free > 0 ? next() : undefined; line; line = free > 0 ? next() : undefined) {
      free -= 1;
      line.held += 1;
      line.waiting.shift()!();
    }
  }

  function giveBack(tenantId: string, line: Line): void {
    free += 1;
    line.held -= 1;
    // It has had its turn, and stands behind the others.
    lines.delete(tenantId);
    if (line.held > 0 || line.waiting.length > 0) lines.set(tenantId, line);
    serve();
  }

  return {
    waiting: () => [...lines.values()].reduce((sum, line) => sum + line.waiting.length, 0),
    async take(tenantId) {
      const line = lines.get(tenantId) ?? { held: 0, waiting: [] };
      lines.set(tenantId, line);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      line.waiting.push(resolve);
      serve();
      const wait = line.waiting.includes(resolve) && Number.isFinite(waitMs) ? setTimeout(leave, waitMs) : undefined;
      function leave(): void {
        line.waiting.splice(line.waiting.indexOf(resolve), 1);
        if (line.held === 0 && line.waiting.length === 0) lines.delete(tenantId);
        reject(new Crowded(waitMs));
      }
      await promise;
      clearTimeout(wait);
      return () => giveBack(tenantId, line);
    },
  };
}
