// What is remembered of each window: its connection, where it stood, what it showed, and how large.
import { z } from 'zod';

const rectangle = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

/** The sizes that View > Zoom goes through; 1 is 100%. */
export const zoomSteps = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2] as const;

export const savedWindow = z.object({
  connection: z.string().max(64).default(''),
  /** The place in the console, such as `/tasks?state=failed`. */
  path: z.string().max(600).default('/'),
  bounds: rectangle.optional(),
  maximized: z.boolean().default(false),
  zoom: z.number().min(0.8).max(2).default(1).catch(1),
});
export type SavedWindow = z.infer<typeof savedWindow>;

const MOST = 20;
export const savedWindows = z.object({ windows: z.array(savedWindow).default([]) });
export type SavedWindows = z.infer<typeof savedWindows>;

/** The windows to open at a start: those of connections that are still there, and at least one. */
export function windowsToOpen(
  saved: SavedWindows,
  connections: { known(id: string): boolean; first: string },
): SavedWindow[] {
  const windows = saved.windows
    .slice(0, MOST)
    // A connection that is gone takes its windows with it; none named is the first.
    .filter((window) => window.connection === '' || connections.known(window.connection))
    .map((window) => ({ ...window, connection: window.connection || connections.first }));
  return windows.length > 0 ? windows : [{ ...savedWindow.parse({}), connection: connections.first }];
}

/** The path that a page's address carries behind `#`; null when it carries none. */
export function pathOf(address: string): string | null {
  const path = address.split('#', 2)[1];
  return path !== undefined && path.startsWith('/') && path.length <= 600 ? path : null;
}

/** The next size up or down. */
export function zoomStep(zoom: number, direction: 1 | -1): number {
  const steps = direction === 1 ? zoomSteps : zoomSteps.toReversed();
  return steps.find((step) => (step - zoom) * direction > 0.001) ?? steps.at(-1) ?? 1;
}

/** A second window does not lie exactly over the first. */
export function beside(bounds: z.infer<typeof rectangle>): z.infer<typeof rectangle> {
  return { ...bounds, x: bounds.x + 28, y: bounds.y + 28 };
}
