// The outline of a Markdown document: blocks and lines, and that hiding text from the parser changes nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outlineOf } from './outline.ts';
import type { Section } from './outline.ts';
import { fixture } from './testing.ts';

const bare = (line: string) => ({ shown: line, hidden: '' });

describe('the outline', () => {
  it('has sections, items and lines as they stand in the document', () => {
    const root = outlineOf([
      '# One',
      'text',
      'more',
      '',
      '## Two ##',
      '3. c',
      '   - d',
      '',
      '> quoted',
      '**Three**',
      '',
      'end',
    ]);
    const [one] = root.children;
    expect(one).toMatchObject({ title: 'One', line: 1, level: 1, blocks: [{ kind: 'paragraph', line: 2 }] });
    const two = one?.children[0];
    expect(two).toMatchObject({
      title: 'Two',
      line: 5,
      blocks: [
        { kind: 'list', ordered: true, items: [{ number: 3, line: 6, blocks: [{ kind: 'list', line: 7 }] }] },
        {
          kind: 'paragraph',
          lines: [
            { text: 'quoted', line: 9 },
            { text: '**Three**', line: 10 },
          ],
        },
        { kind: 'paragraph', line: 12 },
      ],
    });
  });

  it('takes a bold line for a heading', () => {
    const [section] = outlineOf(['**Three**', '', '- a']).children;
    expect(section).toMatchObject({ level: 7, title: 'Three', blocks: [{ kind: 'list' }] });
  });

  it('keeps code as it is written, whatever it looks like', () => {
    const code = ['    indented', '- no list', '# no heading', '', 'a | b', '**bold**'];
    const blocks = (indent: string) => {
      const lines = ['```Mermaid', ...code, '```'].map((line) => (line === '' ? line : indent + line));
      return outlineOf([indent === '' ? '# P' : '- item', ...lines]);
    };
    const expected = { kind: 'code', language: 'mermaid', value: code.join('\n') };
    expect(blocks('').children[0]?.blocks[0]).toMatchObject({ ...expected, line: 2 });
    expect(blocks('  ').blocks[0]).toMatchObject({ items: [{ blocks: [{ ...expected, line: 2 }] }] });
  });

  it('is the same with and without hiding text from the parser', () => {
    const start = fc.constantFrom(
      '',
      '- ',
      '* ',
      '1. ',
      '2) ',
      '> ',
      '  ',
      '    ',
      '\t',
      '# ',
      '### ',
      '- [ ] ',
      '- - ',
      '+',
      '#',
      '10. > ',
    );
    const rest = fc.constantFrom(
      'text',
      'text:',
      '**Label**: value',
      '**bold**',
      '`code` and',
      '```',
      '```mermaid',
      '~~~',
      '---',
      '***',
      '* * *',
      '===',
      '|a|b|',
      '|-|-|',
      '- a',
      'a #',
      '## b ##',
      '[x] y',
      '[a]: b',
      '[^1]: c',
      '<div>',
      '<!-- x -->',
      '\\',
      ':-',
      '-',
      '1.',
      '5',
      '_',
      '"q"',
      '',
      '  ',
      'é → ✅',
    );
    const line = fc.tuple(start, start, rest).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
        expect(outlineOf(lines)).toEqual(outlineOf(lines, bare));
      }),
      { numRuns: 300 },
    );
    for (const name of ['harbour.md', 'kitchen.md']) {
      const lines = fixture(name).split('\n');
      expect(outlineOf(lines)).toEqual(outlineOf(lines, bare));
    }
  });

  it('has every line of a long document once, wherever it is cut', () => {
    const lines = Array.from({ length: 900 }, (_, index) =>
      index % 7 === 0 ? `## Section ${index}` : `- item ${index}`,
    );
    const items = (section: Section): number[] => [
      ...section.blocks.flatMap((block) =>
        block.kind === 'list' ? block.items.map((item) => item.line) : [],
      ),
      ...section.children.flatMap(items),
    ];
    const expected = lines.flatMap((text, index) => (text.startsWith('-') ? [index + 1] : []));
    expect(items(outlineOf(lines))).toEqual(expected);
  });
});
