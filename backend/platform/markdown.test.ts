// Texts of others inside a document: whatever they hold, the document keeps its structure.
import { toString } from 'mdast-util-to-string';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demote, inline, quote, table } from './markdown.ts';

const parse = (text: string) => unified().use(remarkParse).use(remarkGfm).parse(text);

describe('text within a line', () => {
  it('is shown as it is, whatever markup it holds', () => {
    const alphabet = [...'ab 1.#|*_`[]()<>~&-+\\\n!:', '&amp;', '](', '**', '```', '1. ', '- '];
    const text = fc
      .array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 24 })
      .map((parts) => parts.join(''))
      .filter((given) => given.trim() !== '');
    fc.assert(
      fc.property(text, (given) => {
        const plain = given.replaceAll(/\s+/g, ' ').trim();
        const tree = parse(`# ${inline(given)}\n`);
        expect(tree.children.map((node) => node.type)).toEqual(['heading']);
        expect(toString(tree)).toBe(plain);
        const rows = parse(table(['A', 'B'], [[inline(given), 'end']]).join('\n')).children;
        expect(rows).toHaveLength(1);
        expect(rows[0]).toMatchObject({ type: 'table', children: [{}, { children: [{}, {}] }] });
        expect(toString((rows[0] as { children: { children: unknown[] }[] }).children[1]!.children[0])).toBe(
          plain,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('keeps names readable', () => {
    expect(inline('security_auditor-2 reads src/a.ts')).toBe('security_auditor-2 reads src/a.ts');
  });
});

describe('a text that is quoted', () => {
  it('has its headings below those of the report, except in code', () => {
    const given = [
      '# One',
      'Two',
      '===',
      'Three',
      '---',
      '#### Four',
      '```sh',
      '# no heading',
      '```',
      '####### none',
      '#tag',
    ].join('\n');
    expect(demote(given)).toEqual([
      '#### One',
      '#### Two',
      '##### Three',
      '###### Four',
      '```sh',
      '# no heading',
      '```',
      '####### none',
      '#tag',
    ]);
  });

  it('ends where it ends, whatever it left open', () => {
    for (const open of [
      '```\nnever closed',
      '<div>\n<!-- never closed',
      '| a | b |',
      '1. list\n   - deeper',
      '~~~~\n```\n~~~',
      '> nested\n# heading',
      '[a]: http://x.example "',
    ]) {
      const tree = parse([...quote(open), '', '## After', '', 'text'].join('\n'));
      expect(
        tree.children.map((node) => node.type),
        open,
      ).toEqual(['blockquote', 'heading', 'paragraph']);
    }
  });
});
