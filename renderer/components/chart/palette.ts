// The colours of what has no state: told apart by people of every colour vision, and from the ground (palette.test.ts).

/** In their order; what comes after is drawn together as the rest. */
export const chartColors: readonly string[] = [1, 2, 3, 4, 5, 6].map((number) => `var(--chart-${number})`);
/** Everything that is not one of the first. */
export const restColor = 'var(--chart-rest)';

export function chartColor(index: number): string {
  return chartColors[index] ?? restColor;
}
