// Builds the stories into a folder of static files, outside of the app.
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  root: path('..'),
  base: './',
  plugins: [react()],
  build: {
    outDir: path('../../out/stories'),
    emptyOutDir: true,
    // As in the app: the page's policy allows fonts of its own files only.
    assetsInlineLimit: 0,
    // In one file: a story that fetched code of its own when first drawn would not look as it does afterwards.
    rolldownOptions: { input: path('../stories.html'), output: { codeSplitting: false } },
    chunkSizeWarningLimit: 4_000,
  },
});
