// The commands `backup` and `restore`: of an embedded database that no backend runs on.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { BackupContents, BackupProgress } from '../../shared/backup.ts';
import { AppError } from '../../shared/errors.ts';
import { finishRestore, inspectBackup, peekBackup, proveBackup, stageRestore, writeBackup } from '../backup/index.ts';
import { readConfig, type Config } from '../platform/config.ts';
import { findMasterKey, writeMasterKey } from '../platform/data-folder.ts';
import { createLog } from '../platform/log.ts';
import { openStorage } from '../platform/storage.ts';
import { confirm, readPassphrase } from './passphrase.ts';

const migrationsDir = join(import.meta.dirname, '../migrations');

export interface Surroundings {
  environment: NodeJS.ProcessEnv;
  say(line: string): void;
}

interface Given {
  file: string;
  dataDir: string;
  yes: boolean;
  config: Config;
}

/** Undefined: the arguments are not right. */
function readArguments(args: string[], environment: NodeJS.ProcessEnv): Given | undefined {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: { 'data-dir': { type: 'string' }, 'yes': { type: 'boolean' } },
    });
  } catch {
    return undefined;
  }
  const [file, ...more] = parsed.positionals;
  if (file === undefined || more.length > 0) return undefined;
  const dataDir = parsed.values['data-dir'] ?? environment['SIGNALBOX_DATA_DIR'];
  const config = readConfig({ ...environment, SIGNALBOX_DATA_DIR: dataDir }, process.cwd());
  if (config.storage.kind !== 'pglite') {
    throw new AppError(
      'unavailable',
      'DATABASE_URL is set: a PostgreSQL server has its own tools. Back it up with pg_dump or by its files, and keep ' +
        'SIGNALBOX_MASTER_KEY with it, without which the vault is lost. See docs/runbooks/backup.md.',
    );
  }
  return { file: resolve(file), dataDir: config.storage.dataDir, yes: parsed.values.yes ?? false, config };
}

function readVersion(): string {
  return (JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }).version;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
const stageWords: Record<BackupProgress['stage'], string> = {
  copying: 'Copying the database.',
  reading_back: 'Reading the backup back.',
  checking: 'Checking every byte, the rows of every table, and the audit logs.',
  restoring: 'Writing the database beside the present one.',
};

/** Says each stage once. */
function reporter(say: (line: string) => void): (progress: BackupProgress) => void {
  let said = '';
  return ({ stage }) => {
    if (stage === said) return;
    said = stage;
    say(stageWords[stage]);
  };
}

function describe(contents: BackupContents): string[] {
  const { createdAt, program, databaseVersion, workspaces, people, rows, tables, databaseBytes } = contents;
  return [
    `Made ${createdAt} by Signalbox ${program}; database version ${databaseVersion.platform}.${databaseVersion.tenant}.`,
    `${rows} rows in ${tables} tables, ${megabytes(databaseBytes)}; ${people} people.`,
    ...workspaces.map(
      ({ name, demo, agents, tasks, plans }) => `  ${name}${demo ? ' (demo)' : ''}: ${agents} agents, ${tasks} tasks, ${plans} plans`,
    ),
  ];
}

/** `backup <file>`: false when the arguments are wrong. */
export async function backup(args: string[], { environment, say }: Surroundings): Promise<boolean> {
  const given = readArguments(args, environment);
  if (given === undefined) return false;
  const { file, dataDir, config } = given;
  if (existsSync(file)) throw new AppError('conflict', `${file} is there already. Choose another name; nothing was done.`);
  if (!existsSync(join(dataDir, 'database'))) {
    throw new AppError('not_found', `${dataDir} holds no database. Name the folder with --data-dir.`);
  }
  const masterKey = config.masterKey ?? (await findMasterKey(dataDir));
  if (masterKey === undefined) {
    throw new AppError('not_found', `${dataDir} holds no master key. Give it in SIGNALBOX_MASTER_KEY: without it the vault is lost.`);
  }
  const passphrase = await readPassphrase(environment, true);
  const report = reporter(say);
  const storage = await openStorage({ storage: { kind: 'pglite', dataDir }, masterKey, migrationsDir, log: createLog('error') });
  try {
    const source = { ...storage.embedded!, masterKey, program: readVersion() };
    await writeBackup(source, { file, passphrase }, { report });
  } finally {
    await storage.close();
  }
  const contents = await proveBackup({ file, passphrase }, dataDir, report);
  for (const line of describe(contents)) say(line);
  say(`Backup verified: ${file}, ${megabytes(contents.fileBytes)}. Keep the passphrase: without it nobody can open it.`);
  return true;
}

/** `restore <file>`: false when the arguments are wrong. */
export async function restore(args: string[], { environment, say }: Surroundings): Promise<boolean> {
  const given = readArguments(args, environment);
  if (given === undefined) return false;
  const { file, dataDir, yes } = given;
  await peekBackup(file);
  const passphrase = await readPassphrase(environment, false);
  const report = reporter(say);
  for (const line of describe(await inspectBackup({ file, passphrase }, report))) say(line);
  const there = existsSync(join(dataDir, 'database'));
  const question = there
    ? `What is in ${dataDir} now is kept aside under another name. Restore? (yes)`
    : `Restore into ${dataDir}? (yes)`;
  if (!yes && !(await confirm(question))) {
    throw new AppError('conflict', 'Not restored; nothing was changed. Say --yes where nobody can be asked.');
  }
  const staged = await stageRestore({ file, passphrase }, { dataDir, migrationsDir }, report);
  await writeMasterKey(staged.folder, staged.masterKey);
  const kept = await finishRestore(dataDir, staged.folder);
  say(`Restored ${basename(file)} into ${dataDir}. Everybody signs in anew.`);
  if (kept !== null) {
    say(`What was there is in ${kept}. To go back, stop the backend and give that folder the name ${dataDir} again.`);
  }
  return true;
}
