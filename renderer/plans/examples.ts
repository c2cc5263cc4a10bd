// The plans that come with the product, to try the import with.

export interface ExamplePlan {
  name: string;
  /** The document's first sentence. */
  about: string;
  file: string;
  text: string;
}

const documents = import.meta.glob<string>('../../resources/plans/*.md', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The heading as the name, without the signs that decorate it; the first paragraph as what it is about. */
export function describeExample(path: string, text: string): ExamplePlan {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const heading = /^#\s+(.+)$/m.exec(text)?.[1] ?? file.replace(/\.md$/, '');
  const name = heading.replace(/[^\p{L}\p{N}\p{P}\p{Zs}]|\uFE0F|\*+/gu, '').trim();
  const paragraph = text.split(/\r?\n\s*\r?\n/).find((part) => /^[\p{L}\p{N}]/u.test(part.trim())) ?? '';
  const flat = paragraph.replace(/\s+/g, ' ').trim();
  return { name, about: /^.*?[.!?](?=\s|$)/.exec(flat)?.[0] ?? flat, file, text };
}

export const examplePlans: readonly ExamplePlan[] = Object.entries(documents)
  .map(([path, text]) => describeExample(path, text))
  .sort((a, b) => a.name.localeCompare(b.name));
