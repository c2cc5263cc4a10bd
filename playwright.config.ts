// End-to-end tests, the stories, and the pictures of the documentation: all of them in a real window of Electron.
import { defineConfig } from '@playwright/test';

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
    { name: 'end-to-end', testMatch: '**/*.spec.ts', outputDir: 'test-results/end-to-end', fullyParallel: true },
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
