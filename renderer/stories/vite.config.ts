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
    rolldownOptions: { input: path('../stories.html') },
    chunkSizeWarningLimit: 4_000,
  },
});
