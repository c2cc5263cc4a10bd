// What a person does with connections: add a server, rename, remove, show a window of one.
import { randomBytes } from 'node:crypto';
import { accentOf } from '../../shared/accent.ts';
import type { ConnectionSummary } from '../../shared/connection.ts';
import { AppError } from '../../shared/errors.ts';
import { readAddress } from './address.ts';
import type { OpenConnections } from './open.ts';
import { COMPUTER, hostOf, PRESET, type ConnectionRecord, type ConnectionRecords } from './records.ts';

/** What telling the server that a session ends may take; afterwards its token is forgotten all the same. */
const GOODBYE_MS = 3_000;

export interface ConnectionManager {
  list(): ConnectionSummary[];
  /** Adds the server at an address that a person wrote; answers its id. Throws an AppError with what is wrong. */
  add(input: { address: string; name?: string | undefined }): Promise<string>;
  rename(id: string, name: string): void;
  remove(id: string): Promise<void>;
  /** Somebody is signed in there now. */
  used(id: string, workspace: { id: string; name: string }): void;
  /** The connection that a link's owner means: a workspace's id, or a connection's. */
  ownerOf(owner: string): ConnectionRecord | null;
}

export interface ManagerParts {
  records: ConnectionRecords;
  open: OpenConnections;
  check(url: string): Promise<void>;
  windows: { has(connection: string): boolean; close(connection: string): void; openFirst(): void };
  /** Nothing of the connection's tokens is left. */
  forget(id: string): void;
  now(): Date;
  wait(milliseconds: number): Promise<void>;
  onChange(): void;
}

export function createConnectionManager(parts: ManagerParts): ConnectionManager {
  const { records, open, windows, onChange } = parts;

  function summaryOf(record: ConnectionRecord): ConnectionSummary {
    const { id, kind, name, url, workspace, lastUsedAt } = record;
    return {
      id,
      kind,
      name,
      where: url === null ? 'this computer' : hostOf(url),
      workspace: workspace?.name ?? null,
      accent: workspace === null ? null : accentOf(workspace.id),
      lastUsedAt,
      open: windows.has(id),
      removable: id !== COMPUTER && id !== PRESET,
    };
  }

  async function endSession(id: string): Promise<void> {
    const connection = open.find(id);
    if (connection === null || connection.session.status().state !== 'signed_in') return;
    await Promise.race([connection.session.signOut(), parts.wait(GOODBYE_MS)]);
  }

  return {
    list: () => records.all().map(summaryOf),
    async add({ address, name }) {
      const url = readAddress(address);
      const known = records.all().find((record) => record.url === url);
      if (known !== undefined) throw alreadyThere(known.name);
      await parts.check(url);
      const id = `s-${randomBytes(8).toString('hex')}`;
      const lastUsedAt = parts.now().toISOString();
      records.add({ id, kind: 'server', name: name ?? hostOf(url), url, workspace: null, lastUsedAt });
      onChange();
      return id;
    },
    rename(id, name) {
      records.change(id, { name });
      onChange();
    },
    async remove(id) {
      if (id === COMPUTER || id === PRESET || records.find(id) === null) return;
      await endSession(id);
      records.remove(id);
      windows.close(id);
      await open.close(id);
      parts.forget(id);
      windows.openFirst();
      onChange();
    },
    used(id, workspace) {
      const known = records.find(id);
      if (known === null) return;
      if (known.workspace?.id === workspace.id && known.workspace.name === workspace.name && known.lastUsedAt !== null) return;
      records.change(id, { workspace, lastUsedAt: parts.now().toISOString() });
      onChange();
    },
    ownerOf(owner) {
      const all = records.all();
      const owned = all.filter((record) => record.workspace?.id === owner);
      // The same workspace by two ways: the one that is open.
      return owned.find(({ id }) => windows.has(id)) ?? owned[0] ?? all.find(({ id }) => id === owner) ?? null;
    },
  };
}

function alreadyThere(name: string): AppError {
  const message = `You have this server already: “${name}”.`;
  return new AppError('conflict', message, { details: { fields: [{ path: 'address', message }] } });
}
