// The backend as a process: what it prints, what it refuses with a clear line, how it drains, and its
// commands.
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Session } from '../shared/identity.ts';
import { createPostgresUrls } from './platform/testing/database.ts';
import { createApi } from './testing/backend.ts';
import { spawnBackend, type BackendProcess } from './testing/process.ts';

let dataDir: string;
const started: ChildProcess[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'signalbox-server-'));
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  await rm(dataDir, { recursive: true, force: true });
});

function start(environment: Record<string, string> = {}, script?: string[]): BackendProcess {
  const backend = spawnBackend({ PORT: '0', SIGNALBOX_DATA_DIR: dataDir, ...environment }, script);
  started.push(backend.child);
  return backend;
}

async function serverVariables(): Promise<Record<string, string>> {
  const { app, owner } = await createPostgresUrls(inject('postgresUrl'));
  return {
    DATABASE_URL: app,
    SIGNALBOX_OWNER_DATABASE_URL: owner,
    SIGNALBOX_MASTER_KEY: randomBytes(32).toString('base64'),
  };
}

const account = {
  organizationName: 'Kept',
  name: 'Owner',
  email: 'owner@example.com',
  password: 'correct horse battery',
};

describe.each(['embedded', 'server'] as const)('the backend, %s', (mode) => {
  const variables = () => (mode === 'embedded' ? Promise.resolve({}) : serverVariables());

  it('prints one line when it listens, drains on SIGTERM, exits 0 and keeps what was done', async () => {
    const environment = await variables();
    const first = start(environment);
    const url = await first.listening;
    const session = (await createApi(url, '').do('auth.register', account)) as Session;
    const workspace = (await createApi(url, session.accessToken).do('workspace.get')) as { plan: string };
    expect(workspace.plan).toBe(mode === 'embedded' ? 'enterprise' : 'starter');
    const claim = createApi(url, session.accessToken).call('work.claim', {
      waitSeconds: 60,
      agentId: await agentOf(url, session),
    });
    // Under way when the signal comes, as the health answered after it says: it is answered, not cut.
    await fetch(`${url}/health`);
    first.child.kill('SIGTERM');
    expect([204, 503]).toContain((await claim).status);
    expect(await first.exited).toBe(0);
    expect(first.lines).toEqual([JSON.stringify({ event: 'listening', url })]);
    const second = start(environment);
    const again = (await createApi(await second.listening, '').do('auth.login', account)) as Session;
    expect(again.organization).toEqual(session.organization);
    second.child.kill('SIGINT');
    expect(await second.exited).toBe(0);
  });
});

async function agentOf(url: string, session: Session): Promise<string> {
  const agent = (await createApi(url, session.accessToken).do('agents.create', {
    name: 'a',
    kind: 'external',
  })) as { id: string };
  return agent.id;
}

describe('a backend that cannot start says why in one line, and exits 1', () => {
  async function refusal(backend: BackendProcess): Promise<string> {
    expect(await backend.exited).toBe(1);
    expect(backend.lines).toEqual([]);
    const lines = backend
      .errors()
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('{'));
    expect(lines).toHaveLength(1);
    return lines[0]!;
  }

  it('a wrong variable', async () => {
    expect(await refusal(start({ PORT: 'x', LOG_LEVEL: 'loud' }))).toMatch(/PORT .*LOG_LEVEL/);
  });

  it('no master key for a server', async () => {
    expect(await refusal(start({ DATABASE_URL: 'postgres://a@127.0.0.1:1/x' }))).toContain(
      'SIGNALBOX_MASTER_KEY',
    );
  });

  it('a database that is not there, without showing its password', async () => {
    const line = await refusal(
      start({
        DATABASE_URL: 'postgres://app:sesame@127.0.0.1:1/x',
        SIGNALBOX_MASTER_KEY: randomBytes(32).toString('base64'),
      }),
    );
    expect(line).toContain('ECONNREFUSED');
    expect(line).not.toContain('sesame');
  });

  it('a data folder that is in use, or is a file', async () => {
    const first = start();
    await first.listening;
    expect(await refusal(start())).toContain(`in use by process ${first.child.pid}`);
    const file = join(dataDir, 'file');
    await writeFile(file, '');
    expect(await refusal(start({ SIGNALBOX_DATA_DIR: file }))).toContain('It is a file');
  });

  it('a port that is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    expect(await refusal(start({ PORT: String(port) }))).toContain(`Port ${port}`);
    taken.close();
    // It let go of the folder again.
    await start().listening;
  });
});

describe('a backend that is killed', () => {
  it('starts again on the same folder, with all that was answered', async () => {
    const first = start();
    const url = await first.listening;
    const session = (await createApi(url, '').do('auth.register', account)) as Session;
    first.child.kill('SIGKILL');
    expect(await first.exited).toBe('SIGKILL');
    const second = await start().listening;
    expect(await createApi(second, session.accessToken).do('auth.me')).toMatchObject({
      organization: session.organization,
    });
    expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600);
  });
});

describe('the command line', () => {
  const run = async (environment: Record<string, string>, ...given: string[]) => {
    const command = start(environment, ['cli/signalbox.ts', ...given]);
    const code = await command.exited;
    return { code, out: command.lines.join('\n'), errors: command.errors() };
  };

  it('lists tenants, sets a plan and verifies the audit log, beside a running server', async () => {
    const environment = await serverVariables();
    const url = await start(environment).listening;
    const session = (await createApi(url, '').do('auth.register', account)) as Session;
    const { id } = session.organization;
    const api = createApi(url, session.accessToken);
    expect(await run(environment, 'migrate')).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 tenants') as unknown,
    });
    expect(await run(environment, 'tenants', 'set-plan', id, 'professional')).toMatchObject({
      code: 0,
      out: 'Kept is on the plan professional.',
    });
    expect(await api.do('billing.subscription')).toMatchObject({
      plan: 'professional',
      limits: { agents: 50, members: 25 },
    });
    expect(await run(environment, 'tenants', 'list')).toMatchObject({
      code: 0,
      out: expect.stringMatching(new RegExp(`${id}\\s+professional.*Kept`)) as unknown,
    });
    const entries = (await api.do('audit.list')) as { items: { action: string; actor: { kind: string } }[] };
    expect(entries.items.at(-1)).toMatchObject({ action: 'workspace.setPlan', actor: { kind: 'system' } });
    const head = (await api.do('audit.head')) as { seq: number; hash: string };
    const verified = await run(environment, 'audit', 'verify');
    expect(verified).toMatchObject({
      code: 0,
      out: expect.stringContaining(`holds, ${head.seq} entries, head ${head.hash}`) as unknown,
    });
    expect(await run(environment, 'tenants', 'set-plan', id, 'gold')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('Usage') as unknown,
    });
    expect(await run(environment, 'tenants', 'set-plan', crypto.randomUUID(), 'starter')).toMatchObject({
      code: 1,
    });
  });

  it('says what it can do, and what is not there yet', async () => {
    expect(await run({})).toMatchObject({
      code: 1,
      errors: expect.stringContaining('signalbox audit verify') as unknown,
    });
    for (const command of ['backup', 'restore']) {
      expect(await run({}, command)).toMatchObject({
        code: 1,
        errors: expect.stringContaining(`signalbox ${command} <file>`) as unknown,
      });
    }
    for (const command of ['verify', 'rotate-keys', 'agent']) {
      expect(await run({}, command)).toMatchObject({
        code: 1,
        errors: expect.stringContaining('not there yet') as unknown,
      });
    }
  });
});

describe('the backend inside the desktop app', () => {
  function startEmbedded(): {
    child: ChildProcess;
    next(): Promise<Record<string, string>>;
    exited: Promise<number>;
  } {
    const child = fork(join(import.meta.dirname, 'testing/parent-port.ts'), {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    started.push(child);
    const next = async () => ((await once(child, 'message')) as [Record<string, string>])[0];
    return { child, next, exited: once(child, 'exit').then(([code]) => code as number) };
  }
  const message = (rest: object = {}) => ({
    kind: 'start',
    dataDir,
    masterKey: randomBytes(32).toString('base64'),
    port: 0,
    migrationsDir: join(import.meta.dirname, 'migrations'),
    checklistsDir: join(import.meta.dirname, '../resources/checklists'),
    resourcesDir: dataDir,
    logLevel: 'warn',
    ...rest,
  });

  it('starts and stops by message, takes a free port when its own is taken, and writes no key to the folder', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const app = startEmbedded();
    app.child.send(message({ port }));
    const report = await app.next();
    expect(report['event']).toBe('listening');
    expect(report['url']).not.toContain(String(port));
    expect((await fetch(`${report['url']}/ready`)).status).toBe(200);
    await expect(readFile(join(dataDir, 'master.key'))).rejects.toThrow('ENOENT');
    app.child.send({ kind: 'stop' });
    expect(await app.exited).toBe(0);
    taken.close();
  });

  it('says what to do when it cannot start', async () => {
    const other = start();
    await other.listening;
    const app = startEmbedded();
    app.child.send(message());
    expect(await app.next()).toMatchObject({
      event: 'failed',
      code: 'unavailable',
      title: 'Signalbox is already running',
    });
    expect(await app.exited).toBe(1);
    const broken = startEmbedded();
    broken.child.send(message({ masterKey: 'short' }));
    const report = await broken.next();
    expect(report).toMatchObject({
      event: 'failed',
      message: expect.stringContaining('32 bytes') as unknown,
    });
    expect(JSON.stringify(report)).not.toContain('"short"');
  });
});
