// Where a window opens: where it was, unless that screen is gone or smaller now.

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

const WIDTH = 1440;
const HEIGHT = 900;
/** At least this much of the title bar must be on a screen, or the window could not be moved. */
const GRIP = 80;

/** Without x and y the system centres the window. */
export function placeWindow(
  saved: Rectangle | null,
  areas: readonly Rectangle[],
): { x?: number; y?: number; width: number; height: number } {
  const area = saved === null ? areas[0] : areas.find((candidate) => isReachable(saved, candidate));
  if (saved !== null && area !== undefined) {
    return { ...saved, ...fit(saved, area) };
  }
  const usual = { width: WIDTH, height: HEIGHT };
  return fit(usual, areas[0] ?? usual);
}

type Size = Pick<Rectangle, 'width' | 'height'>;

function fit(size: Size, within: Size): Size {
  return { width: Math.min(size.width, within.width), height: Math.min(size.height, within.height) };
}

function isReachable(window: Rectangle, area: Rectangle): boolean {
  const overlap = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return overlap >= GRIP && window.y >= area.y && window.y <= area.y + area.height - GRIP;
}
