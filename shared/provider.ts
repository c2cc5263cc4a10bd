// Provider accounts: what runs hosted agents. The simulator is one that must be chosen, and says what it is.
import { z } from 'zod';
import { operation } from './operation.ts';
import { id, line, page, pageInput, time } from './schema.ts';

export const providerKinds = ['simulator'] as const;
export type ProviderKind = (typeof providerKinds)[number];

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
});
export type SimulatorSettings = z.infer<typeof simulatorSettings>;

export const providerInput = z.object({
  name: line(80),
  kind: z.enum(providerKinds),
  settings: simulatorSettings.prefault({}),
});

export const providerAccount = z.object({
  id,
  version: z.number().int(),
  name: z.string(),
  kind: z.enum(providerKinds),
  simulated: z.boolean(),
  models: z.array(z.string()),
  settings: simulatorSettings,
  createdAt: time,
});
export type ProviderAccount = z.infer<typeof providerAccount>;

export const providerOperations = {
  list: operation({
    kind: 'query',
    summary: 'Provider accounts, by name.',
    input: pageInput,
    output: page(providerAccount),
    permission: 'providers:read',
    rest: { method: 'GET', path: '/api/providers', status: 200 },
  }),
  create: operation({
    kind: 'mutation',
    summary: 'Add a provider account.',
    input: providerInput,
    output: providerAccount,
    permission: 'providers:write',
    rest: { method: 'POST', path: '/api/providers', status: 201 },
  }),
};
