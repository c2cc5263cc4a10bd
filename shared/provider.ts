// Provider accounts: what runs hosted agents. The simulator is one that must be chosen, and says what it is.
import { z } from 'zod';
import { operation } from './operation.ts';
import { byId, id, line, money, nothing, page, pageInput, time } from './schema.ts';

export const providerKinds = ['simulator', 'openai_compatible', 'openai', 'anthropic', 'google'] as const;
export type ProviderKind = (typeof providerKinds)[number];
/** Those that answer over HTTP; the simulator does not. */
export const serviceKinds = ['openai_compatible', 'openai', 'anthropic', 'google'] as const;
export type ServiceKind = (typeof serviceKinds)[number];

export interface ServiceFacts {
  label: string;
  /** Where it is, unless an account says otherwise; null: each account says so. */
  baseUrl: string | null;
  needsKey: boolean;
}
export const serviceFacts: Readonly<Record<ServiceKind, ServiceFacts>> = {
  openai_compatible: { label: 'OpenAI-compatible service', baseUrl: null, needsKey: false },
  openai: { label: 'OpenAI', baseUrl: 'https://api.openai.com/v1', needsKey: true },
  anthropic: { label: 'Anthropic', baseUrl: 'https://api.anthropic.com/v1', needsKey: true },
  google: { label: 'Google', baseUrl: 'https://generativelanguage.googleapis.com/v1beta', needsKey: true },
};
export const isServiceKind = (kind: ProviderKind): kind is ServiceKind => kind !== 'simulator';
export const kindLabel = (kind: ProviderKind): string => (isServiceKind(kind) ? serviceFacts[kind].label : 'Simulator');

/** What is shown beside everything that the simulator does. */
export const SIMULATOR_NOTICE = 'Simulated: no model runs, the output is made up.';

/** The simulator's settings. The same seed and task give the same outcome. */
export const simulatorSettings = z.object({
  seed: z.number().int().min(0).max(2_147_483_647).default(1),
  /** Wall-clock seconds of a typical task; single durations spread from a third to three times it. */
  typicalSeconds: z.number().min(0.01).max(3_600).default(20),
  /** Share of attempts that fail, 0 to 1. */
  failureRate: z.number().min(0).max(1).default(0.08),
  /** Share of tasks that run past their time limit and are handed off, 0 to 1. */
  overrunRate: z.number().min(0).max(1).default(0.04),
  /** What a task of typical length pretends to cost, in dollars: made up, so that budgets can be seen at work. */
  costUsd: z.number().min(0).max(1_000).optional(),
});
export type SimulatorSettings = z.infer<typeof simulatorSettings>;

/** An address of a service: http or https, no password in it, no query; it ends without a slash. */
export const baseUrl = z
  .string()
  .trim()
  .max(500)
  .regex(/^https?:\/\/[^\s@/?#]+(\/[^\s?#]*)?$/i, 'Write an address such as https://api.example.com/v1, without a password or a query in it.')
  .refine((given) => z.url().safeParse(given).success, 'Write an address such as https://api.example.com/v1.')
  .transform((given) => given.replace(/\/+$/, ''));

/** How a service is called. */
export const serviceSettings = z.object({
  /** Null: where the kind is known to be. */
  baseUrl: baseUrl.nullable().default(null),
  /** Seconds without a byte after which an answer counts as stalled. */
  stallSeconds: z.number().int().min(1).max(600).default(60),
  /** Tokens that one answer may have at the most; what a budget reserves for. */
  maxOutputTokens: z.number().int().min(1).max(1_000_000).default(8_192),
});
export type ServiceSettings = z.infer<typeof serviceSettings>;

export const providerKey = z
  .string()
  .trim()
  .min(1, 'Paste the key.')
  .max(4_000)
  .regex(/^[\u0021-\u007e]+$/, 'A key has no spaces, line breaks or special letters. Paste it again.');
const modelName = line(120);
const models = z.array(modelName).max(500, 'List at most 500 models.');
const maxRunning = z.number().int().min(1, 'At least 1.').max(100_000);

export const providerInput = z.object({
  name: line(80),
  kind: z.enum(providerKinds),
  /** Of the simulator alone. */
  settings: simulatorSettings.optional(),
  /** Of every other kind. */
  service: serviceSettings.optional(),
  /** Kept encrypted; no answer ever has it. */
  key: providerKey.optional(),
  models: models.optional(),
  /** Attempts on it at the same time; null: as many as its agents take. */
  maxRunning: maxRunning.nullable().optional(),
});

export const providerPatch = z.object({
  id,
  name: line(80).optional(),
  settings: simulatorSettings.optional(),
  service: serviceSettings.optional(),
  /** A new key; null takes it away. A new address needs it again. */
  key: providerKey.nullable().optional(),
  models: models.optional(),
  maxRunning: maxRunning.nullable().optional(),
  /** With it, a stale version is refused (409 version_conflict). */
  version: z.number().int().optional(),
});

/**
 * `cooling`: its rate is used up until `until`. `breaker_open`: it failed too often; from `until` on one task at a time
 * probes it. `refused`: it refuses our key, and nothing runs until that is mended. `failing`: its last answer was an
 * error that the account or the model's name causes; work goes on.
 */
export const providerStates = ['ok', 'failing', 'cooling', 'breaker_open', 'refused'] as const;
export type ProviderState = (typeof providerStates)[number];

export const providerProblem = z.object({ code: z.string(), message: z.string(), at: time });
export type ProviderProblem = z.infer<typeof providerProblem>;

export const providerTest = z.object({
  ok: z.boolean(),
  /** From the question to the end of the answer; null: there was none. */
  milliseconds: z.number().int().nullable(),
  /** How many models it lists; null: it lists none, or did not get so far. */
  models: z.number().int().nullable(),
  /** The model that was asked. */
  model: z.string().nullable(),
  /** What went wrong, and what to do about it. */
  problem: z.object({ code: z.string(), message: z.string(), fix: z.string() }).nullable(),
  at: time,
});
export type ProviderTest = z.infer<typeof providerTest>;

export const providerAccount = z.object({
  id,
  version: z.number().int(),
  name: z.string(),
  kind: z.enum(providerKinds),
  simulated: z.boolean(),
  models: z.array(z.string()),
  settings: simulatorSettings.nullable(),
  service: serviceSettings.nullable(),
  /** The key's last characters; null: it has none. */
  keyHint: z.string().nullable(),
  maxRunning: z.number().int().nullable(),
  state: z.enum(providerStates),
  /** Until when it cools or its breaker is open; null: not known, or neither. */
  until: time.nullable(),
  problem: providerProblem.nullable(),
  tested: providerTest.nullable(),
  /** Agents in service that run on it. */
  agents: z.number().int(),
  /** What its attempts that ended this month (UTC) have cost. */
  monthCostUsd: money,
  createdAt: time,
});
export type ProviderAccount = z.infer<typeof providerAccount>;

export const providerDetails = providerAccount.extend({
  /** Agents in service that run on it, by name; at most 200. */
  runs: z.array(z.object({ id, name: z.string(), model: z.string() })),
  /** This month (UTC), by model, the dearest first; at most 100. */
  month: z.array(
    z.object({
      model: z.string(),
      attempts: z.number().int(),
      failed: z.number().int(),
      /** Attempts whose cost is not known, as the model has no price. */
      unpriced: z.number().int(),
      inputTokens: z.number().int(),
      outputTokens: z.number().int(),
      costUsd: money,
    }),
  ),
  /** Its last attempts that went wrong or were put back, the newest first; at most 20. */
  troubles: z.array(
    z.object({ taskId: id, taskTitle: z.string(), agentName: z.string(), attempt: z.number().int(), code: z.string(), message: z.string(), at: time }),
  ),
  /** Models of its agents for which no price is known. */
  withoutPrice: z.array(z.string()),
});
export type ProviderDetails = z.infer<typeof providerDetails>;

/** An account that is there, or one that is not saved yet; what is given goes before what is stored. */
export const providerTestInput = z.object({
  id: id.optional(),
  kind: z.enum(serviceKinds).optional(),
  service: serviceSettings.optional(),
  key: providerKey.nullable().optional(),
  /** The model to ask; absent: one of its agents', or the first that it lists. */
  model: modelName.optional(),
});

const write = { kind: 'mutation', permission: 'providers:write' } as const;

export const providerOperations = {
  list: operation({
    kind: 'query',
    summary: 'Provider accounts, by name.',
    input: pageInput,
    output: page(providerAccount),
    permission: 'providers:read',
    rest: { method: 'GET', path: '/api/providers', status: 200 },
  }),
  get: operation({
    kind: 'query',
    summary: 'A provider account: its agents, what it cost this month, and what went wrong lately.',
    input: byId,
    output: providerDetails,
    permission: 'providers:read',
    rest: { method: 'GET', path: '/api/providers/:id', status: 200 },
  }),
  create: operation({
    ...write,
    summary: 'Add a provider account. Its key is kept encrypted, and no answer ever has it.',
    input: providerInput,
    output: providerAccount,
    rest: { method: 'POST', path: '/api/providers', status: 201 },
  }),
  update: operation({
    ...write,
    summary: 'Change a provider account, or give it a new key; that also ends its waiting after a refused key.',
    input: providerPatch,
    output: providerAccount,
    rest: { method: 'PATCH', path: '/api/providers/:id', status: 200 },
  }),
  remove: operation({
    ...write,
    summary: 'Remove a provider account that no agent runs on.',
    input: byId,
    output: nothing,
    rest: { method: 'DELETE', path: '/api/providers/:id', status: 204 },
  }),
  test: operation({
    ...write,
    summary: 'Ask a provider account for its models and for one word. What went wrong is in the answer, not an error.',
    input: providerTestInput,
    output: providerTest.extend({ list: z.array(z.string()) }),
    rest: { method: 'POST', path: '/api/providers/test', status: 200 },
  }),
};
