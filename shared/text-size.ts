// How large the console writes: a choice of the person, over the zoom of a window. Without zod, which boot does without.

export const textSizes = ['small', 'normal', 'large', 'largest'] as const;
export type TextSize = (typeof textSizes)[number];

/** 1 is as it was drawn. */
export const textFactors: Record<TextSize, number> = { small: 0.9, normal: 1, large: 1.15, largest: 1.3 };

/** Of whatever a file says. */
export function textFactorOf(given: unknown): number {
  const known = textSizes.find((size) => size === given);
  return textFactors[known ?? 'normal'];
}
