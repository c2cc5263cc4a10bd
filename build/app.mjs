// Builds the desktop app into out/, and beside it the template from which a new embedded database is made.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { writeLicences } from './licences.mjs';
import { root } from './paths.mjs';
import { packageScript } from './process.mjs';

const steps = [
  [packageScript('electron-vite', 'electron-vite'), 'build'],
  [path.join(root, 'backend/cli/make-template.ts'), path.join(root, 'out/resources/pglite-template.tar')],
];
writeLicences(path.join(root, 'out/resources/licences.json'));
for (const args of steps) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
