// Backups apart from the backend, in a process of its own (utilityProcess): proves one that was written, shows what
// is in one, and restores it. So a restore needs no backend that runs, and a proof takes no time from one that does.
import { z } from 'zod';
import { finishRestore, inspectBackup, peekBackup, proveBackup, stageRestore } from './backup/index.ts';
import { runJob, type ParentPort } from './jobs.ts';
import { createLog } from './platform/log.ts';

const job = z.number().int();
const path = z.string().min(1);
const message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('prove'), job, file: path, passphrase: z.string(), dataDir: path }),
  z.object({ kind: z.literal('peek'), job, file: path }),
  z.object({ kind: z.literal('inspect'), job, file: path, passphrase: z.string() }),
  z.object({
    kind: z.literal('stage'),
    job,
    file: path,
    passphrase: z.string(),
    dataDir: path,
    migrationsDir: path,
    running: z.boolean(),
  }),
  z.object({ kind: z.literal('finish'), job, dataDir: path, staged: path }),
]);
type Message = z.infer<typeof message>;

async function answer(asked: Message, report: Parameters<typeof proveBackup>[2]): Promise<unknown> {
  switch (asked.kind) {
    case 'prove':
      return proveBackup(asked, asked.dataDir, report);
    case 'peek':
      return peekBackup(asked.file);
    case 'inspect':
      return inspectBackup(asked, report);
    case 'stage': {
      const { masterKey, ...staged } = await stageRestore(asked, asked, report);
      // To main alone, which seals it into the keychain.
      return { ...staged, masterKey: masterKey.toString('base64') };
    }
    case 'finish':
      return { kept: await finishRestore(asked.dataDir, asked.staged) };
  }
}

const { parentPort } = process as unknown as { parentPort?: ParentPort };
if (!parentPort) throw new Error('backend/backups.ts runs inside of Electron only; "signalbox backup" is its command.');
const port = parentPort;
const log = createLog('info');
port.on('message', ({ data }) => {
  const parsed = message.safeParse(data);
  // Never the message itself: it may hold a passphrase.
  if (!parsed.success) return log.error('a message that is not known');
  void runJob({ port, log }, parsed.data.job, (report) => answer(parsed.data, report));
});
