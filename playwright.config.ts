// End-to-end tests and the pictures of the documentation: both drive the built application in a real window.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // Each test starts an application of its own with a database; two at a time would only slow each other down.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  // For a slow machine of two cores; what a test waits for is always a signal, never a time.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  use: { actionTimeout: 30_000 },
  reporter: 'list',
  projects: [
    { name: 'end-to-end', testMatch: '**/*.spec.ts' },
    { name: 'pictures', testMatch: 'pictures.ts' },
  ],
});
