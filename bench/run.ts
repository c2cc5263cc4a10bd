// Runs the benchmarks, each beside its reference in the same run: a table on stdout, figures in bench/results.
//   npm run bench [-- <name> [its arguments]]
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One line of the table. `ratio`: ours over the reference. */
export interface Figure {
  name: string;
  ours: number;
  /** Null: there is nothing to compare it with. */
  reference: number | null;
  unit: string;
  ratio: number | null;
  /** Least and most of the single runs behind each of the three. */
  spread?: { ours: Range; reference: Range | null; ratio: Range | null };
}
/** `args`: what follows the name on the command line. */
export type Measure = (args: string[]) => Promise<Figure[]>;
export type Range = readonly [least: number, most: number];

const folder = import.meta.dirname;
const names = (await readdir(folder)).filter((file) => file.endsWith('.bench.ts')).map((file) => file.slice(0, -9)).sort();
const wanted = process.argv[2];
const chosen = wanted === undefined ? names : names.filter((name) => name === wanted);
if (chosen.length === 0) {
  console.error(`There is no benchmark "${wanted}". There are: ${names.join(', ')}.`);
  process.exit(1);
}
await mkdir(join(folder, 'results'), { recursive: true });
for (const name of chosen) {
  console.log(`-- ${name}`);
  const { measure } = (await import(`./${name}.bench.ts`)) as { measure: Measure };
  const figures = await measure(process.argv.slice(3));
  console.table(
    Object.fromEntries(
      figures.map((figure) => [
        figure.name,
        {
          ours: told(figure.ours, figure.spread?.ours),
          reference: told(figure.reference, figure.spread?.reference),
          unit: figure.unit,
          ratio: told(figure.ratio, figure.spread?.ratio),
        },
      ]),
    ),
  );
  await writeFile(join(folder, 'results', `${name}.json`), `${JSON.stringify({ at: new Date().toISOString(), figures }, null, 2)}\n`);
}

function told(value: number | null, range: Range | null | undefined): number | string {
  if (value === null) return '';
  return range ? `${round(value)} (${range.map(round).join(' to ')})` : round(value);
}

function round(value: number): number {
  const digits = Math.abs(value) >= 100 ? 1 : 1_000;
  return Math.round(value * digits) / digits;
}
