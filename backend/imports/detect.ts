// Which of the three formats a document is in, where nobody says so.

export type PlanFormat = 'markdown' | 'json' | 'yaml';

/** At the margin, YAML has keys, list items, comments, markers and closing brackets, and nothing else. */
const YAML_MARGIN =
  /^(?:["']?[\p{L}_][\p{L}\p{N}_ -]{0,60}["']?\s*:(?:\s|$)|- |-$|#(?!#)|---(?:\s|$)|\.\.\.\s*$|%YAML|[}\]])/u;
const YAML_TASKS = /^["']?(?:tasks|plan|agents|micro_?[tT]asks|steps)["']?\s*:\s*(?:[|>&[{#].*)?$/;

export function detectFormat(lines: readonly string[]): PlanFormat {
  const first = lines.find((line) => line.trim() !== '')?.trim() ?? '';
  const opening = lines.slice(0, 50).join(' ').trim();
  if (/^\{\s*(?:["'}/]|$)/.test(opening) || /^\[\s*(?:[{"\]]|$)/.test(opening)) return 'json';
  if (/^\{\s*[\p{L}_]/u.test(opening))
    return /^\{\s*[\p{L}_][^"]*$/u.test(first) || first === '{' ? 'yaml' : 'json';
  const margin = lines.filter((line) => line !== '' && !/^\s/.test(line));
  const isYaml =
    margin.some((line) => YAML_TASKS.test(line)) && margin.every((line) => YAML_MARGIN.test(line));
  return isYaml ? 'yaml' : 'markdown';
}
