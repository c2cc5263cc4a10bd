// A small JSON file over electron-store, checked by its schema. A broken one is set aside, never fatal.
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';

export interface JsonStore<T> {
  read(): T;
  write(value: T): void;
}

/** The part of electron-store that is used; the class itself is handed in, as it needs Electron. */
export type StoreClass = new (options: {
  name: string;
  cwd: string;
  configFileMode: number;
  clearInvalidConfig: boolean;
}) => { store: Record<string, unknown> };

export interface StoreParts<T extends Record<string, unknown>> {
  Store: StoreClass;
  directory: string;
  name: string;
  /** Must accept `{}`, which is what a new file holds. */
  schema: z.ZodType<T>;
}

/** Opens `directory/name.json`, readable by its owner only. */
export function openStore<T extends Record<string, unknown>>(parts: StoreParts<T>): JsonStore<T> {
  const { Store, directory, name, schema } = parts;
  const open = () => new Store({ name, cwd: directory, configFileMode: 0o600, clearInvalidConfig: false });
  const setAside = () => {
    const path = join(directory, `${name}.json`);
    if (existsSync(path)) renameSync(path, join(directory, `${name}.broken-${Date.now()}.json`));
    return open();
  };
  let file: InstanceType<StoreClass>;
  let value: T;
  try {
    file = open();
    value = schema.parse({ ...file.store });
  } catch {
    file = setAside();
    value = schema.parse({});
  }
  return {
    read: () => value,
    write(next) {
      value = next;
      file.store = next;
    },
  };
}
