// Where a key leads on the board. Left and right are along a lane in time, up and down to what was at the same time.

export interface KeyLane {
  id: string;
  /** Oldest first. */
  blocks: { key: string; start: number }[];
}
/** `key` null: the lane's agent itself. */
export interface Spot {
  lane: string;
  key: string | null;
}

/** The next spot, or null where the key is none of the board's. */
export function moveOnBoard(key: string, lanes: readonly KeyLane[], spot: Spot | null): Spot | null {
  const row = lanes.findIndex(({ id }) => id === spot?.lane);
  const lane = lanes[row];
  if (!lane) return key.startsWith('Arrow') || key === 'Home' ? first(lanes) : null;
  const at = lane.blocks.findIndex((block) => block.key === spot?.key);
  const start = lane.blocks[at]?.start ?? Number.NEGATIVE_INFINITY;
  const along = (index: number): Spot => ({ lane: lane.id, key: lane.blocks[index]?.key ?? null });
  switch (key) {
    case 'ArrowRight':
      return along(Math.min(at + 1, lane.blocks.length - 1));
    case 'ArrowLeft':
      return along(at - 1);
    case 'Home':
      return along(-1);
    case 'End':
      return along(lane.blocks.length - 1);
    case 'ArrowDown':
      return across(lanes[Math.min(row + 1, lanes.length - 1)] ?? lane, start);
    case 'ArrowUp':
      return across(lanes[Math.max(row - 1, 0)] ?? lane, start);
    default:
      return null;
  }
}

/** The first lane's newest block: what runs now, where something does. */
function first(lanes: readonly KeyLane[]): Spot | null {
  const lane = lanes[0];
  return lane ? { lane: lane.id, key: lane.blocks.at(-1)?.key ?? null } : null;
}

function across(lane: KeyLane, start: number): Spot {
  if (start === Number.NEGATIVE_INFINITY) return { lane: lane.id, key: null };
  const nearest = lane.blocks.reduce<KeyLane['blocks'][number] | null>(
    (best, block) =>
      best === null || Math.abs(block.start - start) < Math.abs(best.start - start) ? block : best,
    null,
  );
  return { lane: lane.id, key: nearest?.key ?? null };
}
