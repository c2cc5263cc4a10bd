// The form of an account, new or edited, and what it sends. Pure.
import type { z } from 'zod';
import {
  baseUrl,
  isServiceKind,
  providerInput,
  providerKey,
  serviceFacts,
  type ProviderAccount,
  type ProviderKind,
  type providerPatch,
  type providerTestInput,
} from '../../shared/provider.ts';
import { wordsOf } from '../components/form.ts';

export interface ProviderForm {
  kind: ProviderKind;
  name: string;
  /** Empty: where the kind is known to be. */
  baseUrl: string;
  /** Empty: none, or the one that is stored. */
  key: string;
  models: string[];
  stallSeconds: number | string;
  maxOutputTokens: number | string;
  /** Empty: no limit. */
  maxRunning: number | string;
  seed: number | string;
  typicalSeconds: number | string;
  /** Percent. */
  failureRate: number | string;
  overrunRate: number | string;
}

const service = { baseUrl: '', key: '', stallSeconds: 60, maxOutputTokens: 8_192 };
const simulator = { seed: 1, typicalSeconds: 20, failureRate: 8, overrunRate: 4 };
export const emptyProvider: ProviderForm = { kind: 'openai_compatible', name: '', models: [], maxRunning: '', ...service, ...simulator };

const percent = (share: number): number => Math.round(share * 10_000) / 100;

export function providerFormOf(account: ProviderAccount): ProviderForm {
  const { settings, service: stored } = account;
  return {
    ...emptyProvider,
    kind: account.kind,
    name: account.name,
    models: account.simulated ? [] : account.models,
    maxRunning: account.maxRunning ?? '',
    ...(stored && { baseUrl: stored.baseUrl ?? '', stallSeconds: stored.stallSeconds, maxOutputTokens: stored.maxOutputTokens }),
    ...(settings && { ...settings, failureRate: percent(settings.failureRate), overrunRate: percent(settings.overrunRate) }),
  };
}

function serviceOf(form: ProviderForm) {
  return {
    baseUrl: form.baseUrl.trim() === '' ? null : form.baseUrl.trim(),
    stallSeconds: Number(form.stallSeconds),
    maxOutputTokens: Number(form.maxOutputTokens),
  };
}

function settingsOf(form: ProviderForm) {
  return {
    seed: Number(form.seed),
    typicalSeconds: Number(form.typicalSeconds),
    failureRate: Number(form.failureRate) / 100,
    overrunRate: Number(form.overrunRate) / 100,
  };
}

const limitOf = (form: ProviderForm): number | null => (form.maxRunning === '' ? null : Number(form.maxRunning));
const keyOf = (form: ProviderForm) => (form.key.trim() === '' ? {} : { key: form.key.trim() });

export function toProviderInput(form: ProviderForm): z.input<typeof providerInput> {
  const common = { name: form.name, kind: form.kind, maxRunning: limitOf(form) };
  if (!isServiceKind(form.kind)) return { ...common, settings: settingsOf(form) };
  return { ...common, service: serviceOf(form), models: form.models, ...keyOf(form) };
}

/** With the version that the form began from: somebody else's change is not overwritten. */
export function toProviderPatch(form: ProviderForm, account: ProviderAccount): z.input<typeof providerPatch> {
  const common = { id: account.id, version: account.version, name: form.name, maxRunning: limitOf(form) };
  if (!isServiceKind(form.kind)) return { ...common, settings: settingsOf(form) };
  const next = serviceOf(form);
  const same = account.service !== null && JSON.stringify(sorted(next)) === JSON.stringify(sorted(account.service));
  return { ...common, models: form.models, ...(!same && { service: next }), ...keyOf(form) };
}

const sorted = (given: object): [string, unknown][] => Object.entries(given).sort(([one], [other]) => (one < other ? -1 : 1));

/** What is tested is what stands in the form; the key of the account where none is typed in. */
export function toTestInput(form: ProviderForm, account: ProviderAccount | undefined): z.input<typeof providerTestInput> {
  if (!isServiceKind(form.kind)) throw new Error('The simulator is not tested.');
  const [model] = form.models;
  const named = model === undefined ? {} : { model };
  return { ...(account ? { id: account.id } : { kind: form.kind }), service: serviceOf(form), ...keyOf(form), ...named };
}

const { shape } = providerInput;
const whole = (least: number, most: number) => (value: unknown): string | null => {
  const count = Number(value);
  return value !== '' && Number.isInteger(count) && count >= least && count <= most ? null : `Write a whole number from ${least} to ${most.toLocaleString('en')}.`;
};

/** What the form itself can say before it is sent. `stored`: the account has a key already. */
export function rulesOf(stored: boolean) {
  return {
    name: wordsOf(shape.name),
    baseUrl: (value: string, { kind }: ProviderForm): string | null => {
      if (!isServiceKind(kind)) return null;
      if (value.trim() === '') return serviceFacts[kind].baseUrl === null ? 'Write the address of the service.' : null;
      return wordsOf(baseUrl)(value);
    },
    key: (value: string, { kind }: ProviderForm): string | null => {
      if (!isServiceKind(kind)) return null;
      if (value.trim() === '') return serviceFacts[kind].needsKey && !stored ? 'Paste the key.' : null;
      return wordsOf(providerKey)(value);
    },
    models: (value: string[], { kind }: ProviderForm) => (isServiceKind(kind) ? wordsOf(shape.models)(value) : null),
    stallSeconds: (value: unknown, { kind }: ProviderForm) => (isServiceKind(kind) ? whole(1, 600)(value) : null),
    maxOutputTokens: (value: unknown, { kind }: ProviderForm) => (isServiceKind(kind) ? whole(1, 1_000_000)(value) : null),
    maxRunning: (value: unknown) => (value === '' ? null : whole(1, 100_000)(value)),
  };
}

/** The fields as the backend names them, and as they are named here. */
export const providerFields = ['name', 'service', 'settings', 'key', 'models', 'maxRunning'];
export function renamedFields(errors: Record<string, string>, paths: readonly string[]): Record<string, string> {
  const { service: ofService, settings, ...rest } = errors;
  const inner = (noun: string): string => paths.find((path) => path.startsWith(`${noun}.`))?.split('.')[1] ?? (noun === 'service' ? 'baseUrl' : 'seed');
  return { ...rest, ...(ofService !== undefined && { [inner('service')]: ofService }), ...(settings !== undefined && { [inner('settings')]: settings }) };
}
