// The operator's command line. It reads the same variables as the backend and works on the same database.
import { join } from 'node:path';
import { z } from 'zod';
import { billingPlan, billingPlans } from '../../shared/billing.ts';
import { AppError } from '../../shared/errors.ts';
import { verifyAudit } from '../audit/index.ts';
import { settlers } from '../handlers.ts';
import { readConfig } from '../platform/config.ts';
import { createLog } from '../platform/log.ts';
import { openStorage, type Storage } from '../platform/storage.ts';
import { createRunInTenant, systemCaller, type RunInTenant } from '../platform/tenant-transaction.ts';
import type { Tenant } from '../platform/tenants.ts';
import { readWorkspace, setWorkspacePlan } from '../workspace/index.ts';
import { backup, restore, type Surroundings } from './backup.ts';

interface Context extends Storage {
  runInTenant: RunInTenant;
  say(line: string): void;
}

/** Answers whether it did its work; what it has to say, it has said. */
type Command = (context: Context, given: string[]) => Promise<boolean>;

class UsageError extends Error {}

const commands: Record<string, { usage: string; does: string; run: Command }> = {
  'migrate': { usage: 'migrate', does: 'brings the database and every tenant up to date', run: migrate },
  'tenants list': { usage: 'tenants list', does: 'lists the organisations', run: listTenants },
  'tenants set-plan': {
    usage: `tenants set-plan <id> <${billingPlans.join('|')}>`,
    does: 'sets the plan of one',
    run: setPlan,
  },
  'audit verify': {
    usage: 'audit verify [<tenant id>]',
    does: 'recomputes the hash chain of the audit logs',
    run: verify,
  },
};
/** These open the data folder themselves; they answer false when their arguments are wrong. */
const alone: Record<string, { usage: string; does: string; run(args: string[], around: Surroundings): Promise<boolean> }> = {
  backup: {
    usage: 'backup <file> [--data-dir <folder>]',
    does: 'an encrypted backup of an embedded database, proved by reading it back',
    run: backup,
  },
  restore: {
    usage: 'restore <file> [--data-dir <folder>] [--yes]',
    does: 'shows what a backup holds, and puts it in place',
    run: restore,
  },
};
const later = new Set(['verify', 'rotate-keys', 'agent']);

async function migrate(context: Context): Promise<boolean> {
  const { versions, migrated } = context;
  const count = (await context.tenants.all()).length;
  context.say(
    `The platform is at version ${versions.platform}. ` +
      `${count} tenants are at version ${versions.tenant}; ${migrated} were behind.`,
  );
  return true;
}

async function listTenants({ tenants, runInTenant, say }: Context): Promise<boolean> {
  const all = await tenants.all();
  for (const tenant of all) {
    const { name, plan, createdAt, paused } = await runInTenant(tenant, systemCaller, (tx) =>
      readWorkspace(tx),
    );
    say(
      [tenant.id, plan.padEnd(12), createdAt.slice(0, 10), `${name}${paused ? ' (paused)' : ''}`].join('  '),
    );
  }
  say(`${all.length} tenants.`);
  return true;
}

async function findTenant({ tenants }: Context, id: string): Promise<Tenant> {
  const tenant = z.uuid().safeParse(id).success ? await tenants.find(id) : undefined;
  if (!tenant)
    throw new AppError('not_found', `There is no tenant ${id}. "signalbox tenants list" shows them.`);
  return tenant;
}

async function setPlan(context: Context, [id, plan]: string[]): Promise<boolean> {
  const wanted = billingPlan.safeParse(plan);
  if (id === undefined || !wanted.success) throw new UsageError();
  const tenant = await findTenant(context, id);
  const changed = await context.runInTenant(tenant, systemCaller, (tx) => setWorkspacePlan(tx, wanted.data));
  context.say(`${changed.name} is on the plan ${changed.plan}.`);
  return true;
}

async function verify(context: Context, [id]: string[]): Promise<boolean> {
  const chosen = id === undefined ? await context.tenants.all() : [await findTenant(context, id)];
  let broken = 0;
  for (const tenant of chosen) {
    const verdict = await context.runInTenant(tenant, systemCaller, verifyAudit);
    if (verdict.holds) context.say(`${tenant.id}  holds, ${verdict.entries} entries, head ${verdict.hash}`);
    else {
      broken += 1;
      context.say(`${tenant.id}  BROKEN at entry ${verdict.seq}: ${verdict.reason}`);
    }
  }
  context.say(
    broken === 0
      ? `The audit logs of ${chosen.length} tenants hold.`
      : `${broken} of ${chosen.length} audit logs do not hold.`,
  );
  return broken === 0;
}

function usage(): string {
  const lines = [...Object.values(commands), ...Object.values(alone)].map(
    ({ usage: text, does }) => `  signalbox ${text.padEnd(62)} ${does}`,
  );
  return ['Usage:', ...lines].join('\n');
}

async function open(environment: NodeJS.ProcessEnv): Promise<Context> {
  const { storage, masterKey } = readConfig({ LOG_LEVEL: 'warn', ...environment }, process.cwd());
  const log = createLog(environment['LOG_LEVEL'] ?? 'error');
  const opened = await openStorage({
    storage,
    masterKey,
    log,
    migrationsDir: join(import.meta.dirname, '../migrations'),
  });
  const runInTenant = createRunInTenant(opened.database, opened.installation.appLogin, { settlers });
  return { ...opened, runInTenant, say };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(given: string[]): Promise<number> {
  const [first = '', second = ''] = given;
  const name = commands[first] ? first : `${first} ${second}`;
  const command = commands[name];
  const own = Object.hasOwn(alone, first) ? alone[first] : undefined;
  if (own) {
    if (await own.run(given.slice(1), { environment: process.env, say })) return 0;
    process.stderr.write(`Usage: signalbox ${own.usage}\n`);
    return 1;
  }
  if (!command) {
    if (later.has(first)) process.stderr.write(`"signalbox ${first}" is not there yet.\n`);
    else process.stderr.write(`${usage()}\n`);
    return 1;
  }
  const context = await open(process.env);
  try {
    return (await command.run(context, given.slice(name.split(' ').length))) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`Usage: signalbox ${command.usage}\n`);
    return 1;
  } finally {
    await context.close();
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const known = error instanceof AppError && error.code !== 'internal';
    process.stderr.write(
      `${known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(1);
  },
);
