// The findings in every state in which a person meets them.
import type { Finding } from '../../shared/finding.ts';
import { emptyWorkspace, failing, paged, pending } from '../stories/bridge.ts';
import { findings, meAs, secondsAgo, uuid } from '../stories/fixtures.ts';
import { defineStories } from '../stories/story.ts';

const [urgent, warning] = findings as [Finding, Finding];
const body = `The debounce is applied **before** the brake is told.

- button to controller: 3 ms
- debounce: 400 ms
- controller to brake: 11 ms

\`\`\`c
if (millis() - pressed_at < 400) return; // bounces on the 3.x board
\`\`\`

| board | bounce | needed |
| --- | ---: | --- |
| 3.x | 380 ms | yes |
| 4.x | 0 ms | no |`;
const told = findings.map((finding) => (finding.id === urgent.id ? { ...finding, body } : finding));
const many = Array.from({ length: 10_000 }, (_, index): Finding => {
  const like = findings[index % findings.length] as Finding;
  return { ...like, id: uuid('f', index, 60 + index * 37), createdAt: secondsAgo(60 + index * 37) };
});

export const stories = defineStories('findings', {
  some: { path: '/findings' },
  open: { path: `/findings/${urgent.id}`, handlers: { 'findings.list': (input) => paged(told, input) } },
  warning: { path: `/findings/${warning.id}?severity=warning` },
  viewer: { path: `/findings/${urgent.id}`, me: meAs('viewer') },
  'not among these': { path: `/findings/${urgent.id}?severity=info` },
  'one loading': { path: `/findings/${urgent.id}`, handlers: { 'findings.list': pending } },
  'one failing': { path: `/findings/${urgent.id}`, handlers: { 'findings.list': failing('unavailable', 'The backend does not answer.') } },
  many: { path: '/findings', handlers: { 'findings.list': (input) => paged(many, input) } },
  empty: { path: '/findings', handlers: emptyWorkspace },
  loading: { path: '/findings', handlers: { 'findings.list': pending } },
  failing: { path: '/findings', handlers: { 'findings.list': failing('unavailable', 'The backend does not answer.') } },
});
