// What a new API key may do and until when, as a form has it; and what the operation takes. Pure.
import type { z } from 'zod';
import type { keyInput } from '../../shared/identity.ts';
import { scopes, type Scope } from '../../shared/permissions.ts';

export interface KeyForm {
  name: string;
  scopes: Scope[];
  /** Whom it works as; asked with the scope `agent` alone, for nothing else looks at it. */
  agentId: string | null;
  ends: 'never' | 'day';
  /** Of this computer's calendar; the key works to its end. */
  day: string;
}
/** Of the operation; `expiresAt` is said at `day`. */
export const keyFields = ['name', 'scopes', 'agentId', 'expiresAt'];

export const scopeWords: Record<Scope, string> = {
  'tasks:read': 'Read tasks, plans, queues, schedules, bulk jobs, findings and figures.',
  'tasks:write': 'Make, retry and cancel tasks, one or many; run plans; change queues and schedules; acknowledge findings.',
  'agents:read': 'Read agents, and how busy they are.',
  'agents:write': 'Create, change, pause and retire agents.',
  'reviews:read': 'Read checklists, security reviews and their reports.',
  'reviews:write': 'Begin security reviews, give verdicts and submit them.',
  'usage:read': 'Read usage, cost and budgets.',
  'audit:read': 'Read and verify the audit log.',
  agent: 'Work as one agent: claim tasks, report on them and complete them.',
};
/** As they are offered: what reads beside what changes. */
export const offered = Object.keys(scopeWords) as Scope[];

const reading = offered.filter((scope) => scope.endsWith(':read'));
export const presets: readonly { label: string; scopes: readonly Scope[] }[] = [
  { label: 'Read only', scopes: reading },
  { label: 'Read and change', scopes: offered.filter((scope) => scope !== 'agent') },
  { label: 'Work as an agent', scopes: ['agent'] },
];
export function sameScopes(one: readonly Scope[], other: readonly Scope[]): boolean {
  return scopes.every((scope) => one.includes(scope) === other.includes(scope));
}

export const emptyKey: KeyForm = { name: '', scopes: reading, agentId: null, ends: 'never', day: '' };

/** The last second of a day here; null: no day. */
function endOf(day: string): Date | null {
  const end = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(`${day}T23:59:59`) : null;
  return end === null || Number.isNaN(end.getTime()) ? null : end;
}

export function dayError(day: string, now: number): string | null {
  const end = endOf(day);
  return end !== null && end.getTime() > now ? null : 'Choose today or a later day.';
}

export function toKeyInput({ name, scopes: chosen, agentId, ends, day }: KeyForm): z.input<typeof keyInput> {
  const end = ends === 'day' ? endOf(day) : null;
  return {
    name,
    scopes: offered.filter((scope) => chosen.includes(scope)),
    ...(chosen.includes('agent') && agentId !== null && { agentId }),
    ...(end !== null && { expiresAt: end.toISOString() }),
  };
}

/** `sbx_019d2f…000001`: the first of it as in every key of the workspace, the last as in this one alone. */
export function shortPrefix(prefix: string): string {
  return prefix.length <= 20 ? prefix : `${prefix.slice(0, 10)}…${prefix.slice(-6)}`;
}
