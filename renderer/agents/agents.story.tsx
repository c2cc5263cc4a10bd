// The agents in every state in which a person meets them.
import type { Agent } from '../../shared/agent.ts';
import { emptyWorkspace, failing, paged, pending } from '../stories/bridge.ts';
import { agents, me, meAs, secondsAgo, uuid } from '../stories/fixtures.ts';
import { defineStories, type StoryState } from '../stories/story.ts';

const named = (name: string): Agent => agents.find((agent) => agent.name === name) ?? (agents[0] as Agent);
const never: Agent = { ...named('supply-analyst'), lastSeenAt: null, presence: 'offline' };
const bare: Agent = { ...named('docs-writer'), provider: null, presence: 'offline' };

function opened(agent: Agent, search = ''): StoryState {
  const rows = agents.map((row) => (row.id === agent.id ? agent : row));
  return { path: `/agents/${agent.id}${search}`, handlers: { 'agents.list': (input) => paged(rows, input), 'agents.get': () => agent } };
}
const prefix = `sbx_${`${me.organization.id}${uuid('d', 1)}`.replaceAll('-', '')}`;
const withKey = { 'keys.create': () => ({ id: uuid('d', 1), key: `${prefix}_${'this-is-no-key_'.repeat(3).slice(0, 43)}`, prefix }) };

const many = Array.from({ length: 10_000 }, (_, index): Agent => {
  const like = agents[index % agents.length] as Agent;
  return { ...like, id: uuid('b', index + 100), name: `${like.name}-${String(index).padStart(5, '0')}`, createdAt: secondsAgo(index), builtIn: false };
});

export const stories = defineStories('agents', {
  some: { path: '/agents' },
  busy: opened(named('test-engineer')),
  external: opened(named('simulation-runner')),
  offline: opened(never),
  paused: opened(named('translator')),
  'without provider': opened(bare),
  viewer: { ...opened(named('test-engineer')), me: meAs('viewer') },
  'new agent': { path: '/agents?new=1' },
  'new agent, no account': { path: '/agents?new=1', handlers: { 'providers.list': (input) => paged([], input) } },
  connect: { ...opened(never, '?connect=1'), handlers: { ...opened(never).handlers, ...withKey } },
  connected: opened(named('simulation-runner'), '?connect=1'),
  'nothing matches': { path: '/agents?q=lighthouse' },
  many: { path: '/agents', handlers: { 'agents.list': (input) => paged(many, input) } },
  empty: { path: '/agents', handlers: emptyWorkspace },
  'one loading': { path: `/agents/${never.id}`, handlers: { 'agents.list': pending, 'agents.get': pending } },
  'one failing': { path: `/agents/${uuid('b', 99)}`, handlers: { 'agents.get': failing('not_found', 'No such agent.') } },
  loading: { path: '/agents', handlers: { 'agents.list': pending } },
  failing: { path: '/agents', handlers: { 'agents.list': failing('unavailable', 'The backend does not answer.') } },
});
