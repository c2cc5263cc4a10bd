// Writes a dump of a new embedded database, from which the desktop app makes its own in about a second.
//   node backend/cli/make-template.ts resources/pglite-template.tar
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { dropTemplates } from '../platform/alone.ts';

const target = process.argv[2];
if (target === undefined) {
  process.stderr.write('Say where to write the template: node backend/cli/make-template.ts <path>\n');
  process.exit(2);
}
// Of no installation: the platform's migration gives each its own id, so it stays out of the template.
const pglite = new PGlite();
await pglite.waitReady;
await dropTemplates(pglite);
const dump = await pglite.dumpDataDir('none');
await pglite.close();
await mkdir(dirname(target), { recursive: true });
const beside = `${target}.new`;
await writeFile(beside, Buffer.from(await dump.arrayBuffer()));
await rename(beside, target);
process.stdout.write(`Wrote ${join(target)}.\n`);
