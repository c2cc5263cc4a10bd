// Two suites: `unit` runs in this process (PGlite where a database is needed), `integration` runs the whole
// backend over HTTP on PGlite and on a real PostgreSQL.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Both cores: one worker fewer than there are is the runner's own choice, and leaves half of a small machine idle.
const maxWorkers = Math.max(2, availableParallelism() - 1);
const everywhere = { testTimeout: 120_000, hookTimeout: 120_000, pool: 'forks' as const, maxWorkers };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...everywhere,
          name: 'unit',
          include: ['{shared,backend,electron,renderer,build}/**/*.test.{ts,tsx,mjs}'],
          exclude: ['**/*.integration.test.ts', '**/node_modules/**'],
          globalSetup: ['backend/platform/testing/template.ts'],
        },
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
