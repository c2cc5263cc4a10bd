// End-to-end tests, the stories, and the pictures of the documentation: all of them in a real window of Electron.
import { defineConfig } from '@playwright/test';

const endToEnd = { testMatch: '**/*.spec.ts', outputDir: 'test-results/end-to-end', fullyParallel: true };

export default defineConfig({
  testDir: 'e2e',
  // Of the end-to-end tests as many run at once as there are desktops for them: build/steps.mjs says how many.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  // For a slow machine of two cores; what a test waits for is always a signal, never a time.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  use: { actionTimeout: 30_000 },
  reporter: 'list',
  projects: [
    // First those that use one application one after the other, then those that each start their own (fixtures/test.ts).
    { name: 'end-to-end shared', ...endToEnd, grep: /@shared/ },
    { name: 'end-to-end', ...endToEnd, grepInvert: /@shared/ },
    { name: 'pictures', testMatch: 'pictures.ts', outputDir: 'test-results/pictures' },
    {
      name: 'stories',
      testMatch: 'stories/stories.ts',
      outputDir: 'test-results/stories',
      fullyParallel: true,
      snapshotPathTemplate: '{testDir}/stories/pictures/{arg}{ext}',
    },
  ],
});
