// An external agent in a process of its own, which a test stops in the middle of its work (SIGSTOP): it claims all
// that its agent may hold, works for a moment, and reports what it believes it has done.
//   node frozen-worker.ts <url> <API key> <tasks> <milliseconds of work>
import { createApi } from './backend.ts';
import type { Claim } from '../../shared/work.ts';

const [url = '', key = '', wanted = '1', milliseconds = '100'] = process.argv.slice(2);
const api = createApi(url, key);
const say = (report: object): void => void process.stdout.write(`${JSON.stringify(report)}\n`);

const claims: Claim[] = [];
while (claims.length < Number(wanted)) claims.push((await api.do('work.claim', { waitSeconds: 10 })) as Claim);
say({ event: 'claimed', tasks: claims.map(({ task, lease }) => ({ id: task.id, attempt: lease.attempt, expiresAt: lease.expiresAt })) });

async function report(): Promise<void> {
  const answers: Record<string, number> = {};
  for (const { task, lease } of claims) {
    const { status, body } = await api.call('work.complete', { id: task.id, leaseToken: lease.token, output: 'late' });
    const answer = status === 200 ? 'completed' : String((body as { code?: string }).code ?? status);
    answers[answer] = (answers[answer] ?? 0) + 1;
  }
  say({ event: 'reported', answers });
}

setTimeout(() => void report(), Number(milliseconds));
