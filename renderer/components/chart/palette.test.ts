// The palette measured: contrast against the panels, and distance between each two colours as others see them.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Triple = [number, number, number];
const css = readFileSync('renderer/app/theme.css', 'utf8');
/** The tokens of a theme, by the selector of its block. */
function tokensOf(scheme: 'dark' | 'light'): Map<string, string> {
  const start = css.indexOf(`[data-mantine-color-scheme='${scheme}'] {`);
  const block = css.slice(start, css.indexOf('}', start));
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{3,6});/g)].map(([, name, value]) => [name as string, value as string]));
}
function linear(hex: string): Triple {
  const long = hex.length === 4 ? hex.slice(1).replaceAll(/./g, '$&$&') : hex.slice(1);
  return [0, 2, 4].map((at) => {
    const value = Number.parseInt(long.slice(at, at + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Triple;
}
const luminance = (hex: string): number => linear(hex).reduce((sum, value, index) => sum + value * ([0.2126, 0.7152, 0.0722][index] as number), 0);
function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}
const times = (matrix: readonly Triple[], [x, y, z]: Triple): Triple => matrix.map(([a, b, c]) => a * x + b * y + c * z) as Triple;

// How a colour looks to those who lack one kind of cone (Machado, Oliveira and Fernandes, 2009, severity 1).
const visions: Record<string, readonly Triple[]> = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
  deuteranopia: [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_82, 0.042_94, 0.968_881]],
  tritanopia: [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.3039]],
};
/** OKLab (Ottosson, 2020), in which distances are about as large as people see them. */
function lab(rgb: Triple): Triple {
  const cones = times([[0.412_221, 0.536_333, 0.051_446], [0.211_903, 0.6807, 0.107_397], [0.088_302, 0.281_719, 0.629_979]], rgb);
  return times([[0.210_454, 0.793_618, -0.004_072], [1.977_998, -2.428_592, 0.450_594], [0.025_904, 0.782_772, -0.808_676]], cones.map((cone) => Math.cbrt(Math.max(0, cone))) as Triple);
}
const seen = (hex: string, vision: readonly Triple[]): Triple => lab(times(vision, linear(hex)).map((value) => Math.max(0, value)) as Triple);

test.each(['dark', 'light'] as const)('%s: six colours, each clear of the ground and of the others', (scheme) => {
  const tokens = tokensOf(scheme);
  const panel = tokens.get('panel') as string;
  const colors = [1, 2, 3, 4, 5, 6].map((number) => tokens.get(`chart-${number}`) as string);
  for (const color of [...colors, tokens.get('chart-rest') as string]) expect(contrast(color, panel)).toBeGreaterThanOrEqual(3);
  for (const [name, vision] of Object.entries(visions)) {
    for (const [index, one] of colors.entries()) {
      for (const other of colors.slice(index + 1)) {
        const [a, b] = [seen(one, vision), seen(other, vision)];
        expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]), `${one} and ${other}, ${name}`).toBeGreaterThan(0.11);
      }
    }
  }
});
