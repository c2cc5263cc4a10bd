// How the three bundles of the desktop app are made: main with the backend's process, preload, renderer.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';

const at = (path: string) => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      outDir: at('out/main'),
      // Packages stay packages: PGlite and argon2 bring files and binaries that a bundle would lose.
      externalizeDeps: true,
      sourcemap: true,
      rollupOptions: {
        input: {
          main: at('electron/main.ts'),
          embedded: at('backend/embedded.ts'),
          'import-worker': at('backend/plans/import-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: at('out/preload'),
      // A sandboxed preload can require nothing but Electron: everything goes into one CommonJS file.
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: at('electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      // The page's policy allows fonts of its own files only, none written into the style sheet.
      assetsInlineLimit: 0,
      sourcemap: false,
      rollupOptions: { input: { index: at('renderer/index.html') } },
    },
  },
});
