// Prices: which pattern is of a model, and costs to the millionth of a dollar.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { costOf, matchesModel, priceFor, type PriceRates } from './price.ts';

const rates = (pattern: string, ...[input = '1', output = '2', cached]: [string?, string?, string?]): PriceRates => ({
  pattern, inputPerMillion: input, cachedInputPerMillion: cached ?? null, outputPerMillion: output,
});

describe('a pattern', () => {
  test.each([
    ['gpt-4o', 'gpt-4o', true],
    ['gpt-4o', 'GPT-4O', true],
    ['gpt-4o', 'gpt-4o-mini', false],
    ['gpt-4o*', 'gpt-4o-mini', true],
    ['*4o', 'openai/gpt-4o', true],
    ['a*b*c', 'aXbYc', true],
    ['a*b*c', 'acb', false],
    ['ab*ba', 'aba', false],
    ['*', '', true],
    ['*a*a', 'a', false],
    ['a.c', 'abc', false],
  ])('%s of %s: %s', (pattern, model, expected) => {
    expect(matchesModel(pattern, model)).toBe(expected);
  });

  it('that says more of the name goes before, and the first of two alike', () => {
    const prices = [rates('*'), rates('gpt-4o*', '3'), rates('gpt-4o-mini*', '4'), rates('gpt-4o-mini*', '5'), rates('gpt-4o', '6')];
    expect(priceFor(prices, 'gpt-4o-mini-2024')?.inputPerMillion).toBe('4');
    expect(priceFor(prices, 'gpt-4o')?.inputPerMillion).toBe('6');
    expect(priceFor(prices, 'gpt-4o-2024')?.inputPerMillion).toBe('3');
    expect(priceFor(prices, 'llama')?.pattern).toBe('*');
    expect(priceFor(prices.slice(1), 'llama')).toBeNull();
  });
});

describe('a cost', () => {
  it('is exact, rounded up to a millionth', () => {
    expect(costOf(rates('m', '2.5', '10'), { inputTokens: 1_000, outputTokens: 500 })).toBe('0.0075');
    expect(costOf(rates('m', '0.15', '0.6'), { inputTokens: 1, outputTokens: 0 })).toBe('0.000001');
    expect(costOf(rates('m', '0', '0'), { inputTokens: 1e12, outputTokens: 1e12 })).toBe('0');
    expect(costOf(rates('m', '999999.999999', '1'), { inputTokens: 1e12, outputTokens: 0 })).toBe('999999999999');
    expect(costOf(rates('m', '3', '15', '0.3'), { inputTokens: 1_000_000, cachedInputTokens: 900_000, outputTokens: 0 })).toBe('0.57');
    expect(costOf(rates('m', '3', '15'), { inputTokens: 1_000_000, cachedInputTokens: 900_000, outputTokens: 0 })).toBe('3');
  });

  it('never falls with more tokens, nor rises by more than they cost', () => {
    const tokens = fc.integer({ min: 0, max: 1e9 });
    fc.assert(
      fc.property(tokens, tokens, fc.integer({ min: 0, max: 1e8 }), (input, output, price) => {
        const given = rates('m', (price / 1e6).toFixed(6), '7.5');
        const cost = Number(costOf(given, { inputTokens: input, outputTokens: output }));
        const exact = (input * (price / 1e6) + output * 7.5) / 1e6;
        expect(cost).toBeGreaterThanOrEqual(exact - 1e-6 * Math.max(1, exact));
        expect(cost).toBeLessThanOrEqual(exact + 1e-6 * Math.max(1.1, exact));
      }),
    );
  });
});
