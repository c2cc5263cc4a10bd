// How the three bundles of the desktop app are made: main with the backend's process, preload, renderer.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const at = (path: string) => resolve(import.meta.dirname, path);
const manifest = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { dependencies: Record<string, string> };
const packages = new Set(['@electric-sql/pglite', '@node-rs/argon2', 'pg']);

export default defineConfig({
  main: {
    build: {
      outDir: at('out/main'),
      // One file instead of hundreds, of which only what is used is read at every start. What brings files and
      // binaries of its own, which a bundle would lose, stays a package.
      externalizeDeps: { exclude: Object.keys(manifest.dependencies).filter((name) => !packages.has(name)) },
      sourcemap: true,
      rollupOptions: {
        input: {
          main: at('electron/boot.ts'),
          embedded: at('backend/embedded.ts'),
          backups: at('backend/backups.ts'),
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
      minify: true,
      // One browser reads it, that of Electron: nothing is rewritten or added for older ones.
      target: 'chrome142',
      modulePreload: { polyfill: false },
      rollupOptions: {
        input: { index: at('renderer/index.html') },
        // What every window needs is one file, not a dozen that each cost a way to the main process and back.
        output: { codeSplitting: { groups: [{ name: 'window', tags: ['$initial'] }] } },
      },
    },
  },
});
