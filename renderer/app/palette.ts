// How the omnibox finds: forgiving about what is typed, and the same every time; and its one store.
import { createSpotlight } from '@mantine/spotlight';

/** Whether it is open and which of its rows is chosen; and what opens and closes it. */
export const [omniboxStore, omnibox] = createSpotlight();

export interface Findable {
  id: string;
  label: string;
  /** Further words that lead to it. */
  words: string;
}

const wordsOf = (text: string): string[] => text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');

/**
 * How well it fits, 0: not at all. Every word that is typed must begin a word of the label or of its further words, or
 * stand somewhere in the label; or all of it are first letters ("nt" is New task).
 */
export function fit(query: string, { label, words }: Findable): number {
  const typed = query.trim().toLowerCase();
  if (typed === '') return 1;
  const own = label.toLowerCase();
  if (own === typed) return 100;
  if (own.startsWith(typed)) return 80;
  const [labelWords, further] = [wordsOf(label), wordsOf(words)];
  const parts = wordsOf(typed);
  if (parts.length === 0) return own.includes(typed) ? 20 : 0;
  let score = 60;
  for (const part of parts) {
    if (labelWords.some((word) => word.startsWith(part))) continue;
    if (further.some((word) => word.startsWith(part))) score = Math.min(score, 40);
    else if (own.includes(part)) score = Math.min(score, 20);
    else return isInitials(typed, labelWords) ? 30 : 0;
  }
  return score;
}

/** "nt" and "gtt": first letters in a row, from the first word on; one letter says nothing. */
function isInitials(typed: string, words: readonly string[]): boolean {
  return typed.length > 1 && words.map((word) => word.charAt(0)).join('').startsWith(typed);
}

/** What fits, the best first; of equals what was chosen lately, then the given order. */
export function findMatches<Item extends Findable>(query: string, items: readonly Item[], recent: readonly string[]): Item[] {
  const rank = (id: string): number => {
    const at = recent.indexOf(id);
    return at < 0 ? recent.length : at;
  };
  return items
    .map((item, order) => ({ item, order, score: fit(query, item) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || rank(a.item.id) - rank(b.item.id) || a.order - b.order)
    .map(({ item }) => item);
}

const KEPT = 8;

/** The recent ones after one more was chosen. */
export function withRecent(recent: readonly string[], id: string): string[] {
  return [id, ...recent.filter((other) => other !== id)].slice(0, KEPT);
}
