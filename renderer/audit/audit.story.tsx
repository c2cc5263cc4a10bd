// The audit in every state in which a person meets it.
import { failing, pending } from '../stories/bridge.ts';
import { auditEntries, auditPage, makeAudit } from '../stories/auditFixtures.ts';
import { meAs } from '../stories/fixtures.ts';
import { defineStories } from '../stories/story.ts';

const seqOf = (action: string): number => auditEntries.find((entry) => entry.action === action)?.seq ?? 1;
const many = makeAudit(20_000);
const none = { items: [], nextCursor: null, searchedTo: 1, head: 0 };

export const stories = defineStories('audit', {
  some: { path: '/audit' },
  'changed agent': { path: `/audit/${seqOf('agents.update')}` },
  'failed attempt': { path: `/audit/${seqOf('tasks.attempt_failed')}` },
  'of a key': { path: `/audit/${seqOf('keys.create')}` },
  'without values': { path: `/audit/${seqOf('auth.login')}` },
  unknown: { path: `/audit/${seqOf('exports.scheduledNightly')}` },
  filtered: { path: '/audit?actor=Mara%20Keller&entity=agent,key' },
  'no match': { path: '/audit?q=zebra' },
  'further back': {
    path: '/audit?q=zebra',
    handlers: { 'audit.search': (input) => ({ ...none, nextCursor: String(Number(input.cursor ?? 0) + 1), searchedTo: 4_181_000 - Number(input.cursor ?? 0) * 20_000, head: 4_181_000 }) },
  },
  newer: { path: '/audit', handlers: { 'audit.head': () => ({ seq: 1_412, hash: 'a3' }) } },
  many: { path: '/audit/19990', handlers: { 'audit.search': (input) => auditPage(many, input), 'audit.get': ({ seq }) => many.find((entry) => entry.seq === seq) } },
  gone: { path: '/audit/900000' },
  'one loading': { path: '/audit/900000', handlers: { 'audit.get': pending } },
  'one failing': { path: '/audit/900000', handlers: { 'audit.get': failing('unavailable', 'The backend does not answer.') } },
  empty: { path: '/audit', handlers: { 'audit.search': () => none, 'audit.head': () => ({ seq: 0, hash: '' }) } },
  loading: { path: '/audit', handlers: { 'audit.search': pending } },
  failing: { path: '/audit', handlers: { 'audit.search': failing('unavailable', 'The backend does not answer.') } },
  'not allowed': { path: '/audit/12', me: meAs('member') },
});
