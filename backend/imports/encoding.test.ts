// Broken encodings: what is repaired, what is left alone, and that a repair is proved by going back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repairEncoding } from './encoding.ts';

/** Reads the UTF-8 bytes of a text as another encoding, as a careless program does. */
function misread(text: string, encoding: 'windows-1252' | 'macintosh'): string {
  return new TextDecoder(encoding).decode(new TextEncoder().encode(text));
}

function repaired(text: string): string {
  return repairEncoding(text.split('\n')).lines.join('\n');
}

describe.each(['windows-1252', 'macintosh'] as const)('text misread as %s', (encoding) => {
  it.each([
    '🎯 Target',
    '✅ done — “quoted” → next…',
    '⚠️ careful',
    'naïve café, 5 €',
    'Привет, мир',
    '日本語のテキスト ✅',
  ])('is repaired: %s', (text) => {
    const sent = `${misread(text, encoding)} and ${misread('🟢', encoding)}`;
    expect(repaired(sent)).toBe(`${text} and 🟢`);
  });

  it('is repaired when it went wrong twice', () => {
    expect(repaired(misread(misread('Ready ✅ — go', encoding), encoding))).toBe('Ready ✅ — go');
  });

  it('is repaired to exactly what it was, whatever symbols it has', () => {
    const symbol = fc.constantFrom('🎯', '✅', '—', '“', '”', '…', '→', '€', '•', '🚀', '⚠️', '🟡');
    const text = fc.array(fc.tuple(symbol, fc.constantFrom(' a ', ' (b) ', '. ')), { minLength: 1 });
    fc.assert(
      fc.property(text, (parts) => {
        const whole = parts.flat().join('');
        expect(repaired(misread(whole, encoding))).toBe(whole);
      }),
    );
  });
});

describe('text that is not broken', () => {
  it.each([
    'Größe, Spaß… und „Zitat“',
    'CAFÉ… “ÉTÉ” – À «demain»',
    'AMANHÃ… É “HOJE”',
    '√π ≤ ∑ of Ω, 5 °C ± 2',
    'Привет — мир “да”',
    '日本語 ✅ 🎯',
    'plain ASCII',
    'ÅNGSTRÖM “Ö…”',
  ])('stays to the letter: %s', (text) => {
    expect(repairEncoding([text])).toMatchObject({ lines: [text], repairs: [] });
  });

  it('stays to the letter beside text that is', () => {
    expect(repaired('Größe – “so”\nâœ… done')).toBe('Größe – “so”\n✅ done');
  });
});

describe('what cannot be proved', () => {
  it('is left as it is and reported by line', () => {
    // A right quote of which the third byte was lost on the way.
    const { lines, repairs, broken } = repairEncoding(['fine', 'â€œquotedâ€', 'lost \uFFFD here']);
    expect(lines[1]).toContain('â€');
    expect(repairs.map(({ line }) => line)).toEqual([2]);
    expect(broken).toEqual([2, 3]);
  });

  it('never changes the number of lines, and a second run changes nothing', () => {
    const piece = fc.constantFrom(
      'ð',
      'Ÿ',
      'Ž',
      '¯',
      'â',
      '€',
      '™',
      'Ã',
      '©',
      '‚',
      'ú',
      'Ö',
      '√',
      'a',
      ' ',
      '\n',
      '\u0085',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const lines = pieces.join('').split('\n');
        const once = repairEncoding(lines).lines;
        expect(once).toHaveLength(lines.length);
        expect(once.every((line) => !line.includes('\n'))).toBe(true);
      }),
    );
  });
});
