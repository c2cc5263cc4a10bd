// The form of an agent, new or edited, and what it sends. Pure.
import type { z } from 'zod';
import type { Agent, agentInput, agentPatch } from '../../shared/agent.ts';

export interface AgentForm {
  kind: Agent['kind'];
  name: string;
  role: string;
  instructions: string;
  capabilities: string[];
  /** Null: not chosen; nothing is chosen for the person. */
  accountId: string | null;
  model: string | null;
  concurrency: number | string;
  timeLimitMinutes: number | string;
  /** Empty: not known. */
  attemptCostUsd: string;
}

export const emptyAgent: AgentForm = {
  kind: 'hosted',
  name: '',
  role: '',
  instructions: '',
  capabilities: [],
  accountId: null,
  model: null,
  concurrency: 1,
  timeLimitMinutes: 15,
  attemptCostUsd: '',
};

export function formOf(agent: Agent): AgentForm {
  return {
    kind: agent.kind,
    name: agent.name,
    role: agent.role,
    instructions: agent.instructions,
    capabilities: agent.capabilities,
    accountId: agent.provider?.accountId ?? null,
    model: agent.provider?.model ?? null,
    concurrency: agent.concurrency,
    timeLimitMinutes: Math.round((agent.timeLimitSeconds / 60) * 100) / 100,
    attemptCostUsd: agent.attemptCostUsd ?? '',
  };
}

const provider = (form: AgentForm) =>
  form.kind === 'hosted' && form.accountId !== null && form.model !== null
    ? { accountId: form.accountId, model: form.model }
    : undefined;

function common(form: AgentForm) {
  return {
    name: form.name,
    role: form.role,
    instructions: form.instructions,
    capabilities: form.capabilities,
    concurrency: Number(form.concurrency),
    timeLimitSeconds: Math.round(Number(form.timeLimitMinutes) * 60),
    attemptCostUsd: form.attemptCostUsd.trim() === '' ? null : form.attemptCostUsd.trim(),
  };
}

export function toAgentInput(form: AgentForm): z.input<typeof agentInput> {
  return { ...common(form), kind: form.kind, provider: provider(form) };
}

/** With the version that the form began from: somebody else's change is not overwritten. */
export function toAgentPatch(form: AgentForm, agent: Agent): z.input<typeof agentPatch> {
  const chosen = provider(form);
  const same = chosen?.accountId === agent.provider?.accountId && chosen?.model === agent.provider?.model;
  return { ...common(form), id: agent.id, version: agent.version, ...(!same && chosen && { provider: chosen }) };
}

export function concurrencyError(value: number | string): string | null {
  const count = Number(value);
  return value !== '' && Number.isInteger(count) && count >= 1 && count <= 1_000 ? null : 'Write a whole number from 1 to 1,000.';
}

export function minutesError(value: number | string): string | null {
  const minutes = Number(value);
  return value !== '' && minutes >= 1 / 60 && minutes <= 1_440 ? null : 'Write minutes, at most 1,440 (a day).';
}

/** Fields of the backend that have another name on the screen. */
export function renamed(errors: Record<string, string>): Record<string, string> {
  const { timeLimitSeconds, provider: account, ...rest } = errors;
  return {
    ...rest,
    ...(timeLimitSeconds !== undefined && { timeLimitMinutes: timeLimitSeconds }),
    ...(account !== undefined && { accountId: account }),
  };
}
