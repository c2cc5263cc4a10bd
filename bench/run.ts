// Runs the benchmarks, each beside its reference in the same run: a table on stdout, figures in bench/results.
//   npm run bench [-- <name>]
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One line of the table. `ratio`: ours over the reference, where more is better. */
export interface Figure {
  name: string;
  ours: number;
  reference: number;
  unit: string;
  ratio: number;
}

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
  const { measure } = (await import(`./${name}.bench.ts`)) as { measure: () => Promise<Figure[]> };
  const figures = await measure();
  console.table(
    Object.fromEntries(
      figures.map((figure) => [
        figure.name,
        { ours: round(figure.ours), reference: round(figure.reference), unit: figure.unit, ratio: round(figure.ratio) },
      ]),
    ),
  );
  await writeFile(join(folder, 'results', `${name}.json`), `${JSON.stringify({ at: new Date().toISOString(), figures }, null, 2)}\n`);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
