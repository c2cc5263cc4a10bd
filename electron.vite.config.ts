// How the three bundles of the desktop app are made: main with the backend's process, preload, renderer.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const at = (path: string) => resolve(import.meta.dirname, path);
const manifest = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { dependencies: Record<string, string> };
const packages = new Set(['@electric-sql/pglite', '@node-rs/argon2', 'pg']);

/** What the first words are written with. */
const firstFonts = /^assets\/(inter|jetbrains-mono)-latin-wght-normal-[\w-]+\.woff2$/;

/**
 * The page of a built window is whole in itself: its style sheet stands in it, its fonts are asked for at once, and its
 * code, fetched and compiled meanwhile, runs after the first frame (renderer/public/first-frame.js).
 */
const firstFrame: Plugin = {
  name: 'first-frame',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle = {} }) => {
      const sheets = /<link rel="stylesheet" crossorigin href="\.\/(assets\/[\w.-]+)">/g;
      const scripts = /<script type="module" crossorigin src="(\.\/assets\/[\w.-]+)"><\/script>\s*/g;
      const code = [...html.matchAll(scripts)].map(
        ([, file]) => `<link rel="modulepreload" crossorigin fetchpriority="low" data-window href="${file}">`,
      );
      const fonts = Object.keys(bundle)
        .filter((file) => firstFonts.test(file))
        .map((file) => `<link rel="preload" as="font" type="font/woff2" crossorigin href="./${file}">`);
      const last = [...code, '<script type="module" src="./first-frame.js"></script>', '</head>'];
      return html
        .replaceAll(scripts, '')
        .replaceAll(sheets, (_link, file: string) => `${fonts.join('\n    ')}\n    <style>${sheetOf(bundle[file])}</style>`)
        .replace('</head>', () => `  ${last.join('\n    ')}`);
    },
  },
};

/** Beside the page its addresses begin one folder higher. */
function sheetOf(output: { type: string; source?: string | Uint8Array } | undefined): string {
  if (output?.source === undefined) throw new Error('The window has no style sheet.');
  return String(output.source).replaceAll('url(./', 'url(./assets/');
}

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
    plugins: [react(), firstFrame],
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
