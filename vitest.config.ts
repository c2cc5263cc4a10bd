// Two suites: `unit` and `unit-drawn` run in this process (PGlite where a database is needed), `integration` runs the
// whole backend over HTTP on PGlite and on a real PostgreSQL.
import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Both cores: one worker fewer than there are is the runner's own choice, and leaves half of a small machine idle.
const maxWorkers = Math.max(2, availableParallelism() - 1);
const everywhere = { testTimeout: 120_000, hookTimeout: 120_000, pool: 'threads' as const, maxWorkers };

/** What takes the longest. A fresh checkout knows only the sizes of files, and would begin with these last. */
const long = [
  'backend/crash.integration',
  'backend/server.integration',
  'backend/cli/backup.integration',
  'backend/frozen.integration',
  'backend/backup/backup',
  'backend/platform/database-record',
  'backend/budget-crowd',
  'backend/crowd',
  'backend/tasks/state-machine',
];

/** What draws in a document: the components' libraries keep notices and places of their own in it. */
const drawn = globSync('renderer/**/*.test.{ts,tsx}', { cwd: import.meta.dirname }).filter((file) =>
  readFileSync(join(import.meta.dirname, file), 'utf8').startsWith('// @vitest-environment jsdom'),
);

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const found = long.findIndex((name) => moduleId.includes(`/${name}.`));
      // A worker goes on with a file of its own project alone, so these are together.
      return (found === -1 ? long.length : found) + (project.name === 'unit-drawn' ? 2 * long.length : 0);
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          ...everywhere,
          name: 'unit',
          include: ['{shared,backend,electron,renderer,build}/**/*.test.{ts,tsx,mjs}'],
          exclude: ['**/*.integration.test.ts', '**/node_modules/**', ...drawn],
          // One set of modules for all: loading them for each file took most of a minute.
          isolate: false,
          setupFiles: ['build/nothing-left.mjs'],
          globalSetup: ['backend/platform/testing/template.ts'],
        },
      },
      {
        test: { ...everywhere, name: 'unit-drawn', include: drawn },
      },
      {
        test: {
          ...everywhere,
          name: 'integration',
          include: ['{backend,electron}/**/*.integration.test.ts'],
          globalSetup: ['backend/platform/testing/template.ts', 'backend/platform/testing/postgres.ts'],
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['shared/**/*.ts', 'backend/**/*.ts', 'electron/**/*.ts', 'renderer/**/*.{ts,tsx}'],
      exclude: ['**/*.test.{ts,tsx}', '**/*.story.tsx', '**/testing/**', 'renderer/stories/**'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
