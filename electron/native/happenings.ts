// What of the live stream is worth a notification, and in which words. Pure; when and whether is the notifier's.
import { budget, budgetWords } from '../../shared/budget.ts';
import type { LiveEvent } from '../../shared/events.ts';
import { finding } from '../../shared/finding.ts';
import { planSummary } from '../../shared/plan.ts';
import type { NoticeKind, NotificationChoices } from '../../shared/preferences.ts';
import { taskSummary } from '../../shared/task.ts';

// Only what is said of them: a server of another patch may send more, or less.
const toldFinding = finding.pick({ title: true, severity: true, planId: true });
const toldTask = taskSummary.pick({ title: true, state: true, waitReason: true, planId: true, error: true });
const toldBudget = budget.pick({ period: true, scope: true, name: true, planId: true });
const toldPlan = planSummary.pick({ name: true, state: true });

export interface Happening {
  kind: NoticeKind;
  title: string;
  /** Where it is seen: `/tasks/<id>`. */
  path: string;
  planId: string | null;
  /** What is said beside it: why a task failed. */
  more?: string;
  /** Of a plan: it ended as it should. */
  good?: boolean;
}

export interface Notice {
  title: string;
  body: string;
  path: string;
  urgent: boolean;
}

/** Letters of an error that a notice has room for. */
const MOST_SAID = 160;

/** Null: nothing that a person must be told. */
export function happeningOf(event: LiveEvent): Happening | null {
  switch (event.type) {
    case 'finding.reported': {
      const { data, success } = toldFinding.safeParse(event.data);
      if (!success || data.severity !== 'urgent') return null;
      return { kind: 'finding', title: data.title, path: `/findings/${event.id}`, planId: data.planId };
    }
    // A lease that ran out fails the task only when no attempt is left.
    case 'task.failed':
    case 'task.lease_expired': {
      const { data, success } = toldTask.safeParse(event.data);
      if (!success || data.state !== 'failed') return null;
      const said = data.error?.message.replaceAll(/\s+/g, ' ').slice(0, MOST_SAID);
      return { kind: 'failed', title: data.title, path: `/tasks/${event.id}`, planId: data.planId, ...(said && { more: said }) };
    }
    case 'budget.exhausted': {
      const { data, success } = toldBudget.safeParse(event.data);
      return success ? { kind: 'stopped', title: `${budgetWords(data)} is used up`, path: `/budgets/${event.id}`, planId: data.planId } : null;
    }
    case 'provider.refused':
      return { kind: 'stopped', title: 'A provider account refuses its key', path: `/providers/${event.id}`, planId: null };
    case 'provider.breaker_opened':
      return { kind: 'stopped', title: 'A provider account failed too often in a row', path: `/providers/${event.id}`, planId: null };
    case 'task.waiting':
    case 'task.created': {
      const { data, success } = toldTask.safeParse(event.data);
      if (!success || data.state !== 'waiting' || data.waitReason !== 'approval') return null;
      return { kind: 'approval', title: data.title, path: `/tasks/${event.id}`, planId: data.planId };
    }
    case 'plan.succeeded':
    case 'plan.failed': {
      const { data, success } = toldPlan.safeParse(event.data);
      if (!success || (data.state !== 'succeeded' && data.state !== 'failed')) return null;
      const good = data.state === 'succeeded';
      return { kind: 'plan', title: data.name, path: `/plans/${event.id}`, planId: event.id, good };
    }
    default:
      return null;
  }
}

/** Whether a window at this path shows it already. */
export function shows(path: string, happening: Happening): boolean {
  const [whole = ''] = path.split('?');
  const [, place, id] = whole.split('/');
  const own = happening.path.split('/')[1];
  // The overview ranks what needs a person; a plan that is over needs none.
  if (place === 'overview') return happening.kind !== 'plan';
  if (place === 'plans' && id !== undefined && id === happening.planId) return true;
  return place === own;
}

const one: Record<NoticeKind, string> = {
  finding: 'Urgent finding',
  failed: 'Task failed',
  stopped: 'Work is stopped',
  approval: 'A gate waits for approval',
  plan: 'Plan finished',
};
const some: Record<NoticeKind, [one: string, many: string]> = {
  finding: ['urgent finding', 'urgent findings'],
  failed: ['task failed', 'tasks failed'],
  stopped: ['thing stops work', 'things stop work'],
  approval: ['gate waits', 'gates wait'],
  plan: ['plan finished', 'plans finished'],
};
const listOf: Record<NoticeKind, string> = {
  finding: '/findings?severity=urgent',
  failed: '/tasks?state=failed',
  stopped: '/overview',
  approval: '/tasks?view=attention',
  plan: '/plans',
};
const SHOWN = 3;

/** One notice for all of them: the thing itself when it is one, else how many there are. */
export function noticeOf(happenings: readonly [Happening, ...Happening[]], workspace: string): Notice {
  const [first, ...rest] = happenings;
  const urgent = happenings.some(({ kind }) => kind === 'finding');
  if (rest.length === 0) {
    const title = first.kind === 'plan' && first.good === false ? 'Plan failed' : one[first.kind];
    return { title, body: [first.title, ...(first.more ? [first.more] : []), workspace].join('\n'), path: first.path, urgent };
  }
  const kinds = [...new Set(happenings.map(({ kind }) => kind))];
  const counts = kinds.map((kind) => {
    const count = happenings.filter((happening) => happening.kind === kind).length;
    return `${count} ${some[kind][count === 1 ? 0 : 1]}`;
  });
  const names = happenings.slice(0, SHOWN).map(({ title }) => title);
  const more = happenings.length > SHOWN ? ` and ${happenings.length - SHOWN} more` : '';
  const path = kinds.length === 1 ? listOf[first.kind] : '/overview';
  return { title: counts.join(', '), body: `${names.join(', ')}${more}\n${workspace}`, path, urgent };
}

/** Whether `time` (`HH:MM`) lies in the quiet hours; over midnight too. The same time twice is all day. */
export function isQuiet({ on, from, to }: NotificationChoices['quiet'], time: string): boolean {
  if (!on) return false;
  if (from < to) return time >= from && time < to;
  return time >= from || time < to;
}
