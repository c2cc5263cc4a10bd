// A problem as a person reads it: what happened, what was kept, what to do; and quieter notes.
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ErrorCode } from '../../shared/errors.ts';
import { adviceFor, problemOf, saysItself } from './problem.ts';
import { StateShape } from './StateBadge.tsx';
import styles from './parts.module.css';

const titles: Partial<Record<ErrorCode, string>> = {
  not_found: 'It is not there',
  forbidden: 'Your role does not allow this',
  unauthenticated: 'You are signed out',
  unavailable: 'The backend cannot be reached',
  validation_failed: 'Some of this cannot be taken',
  version_conflict: 'Somebody changed it meanwhile',
  transition_not_allowed: 'Its state has changed meanwhile',
  quota_exceeded: 'The quota of this month is used up',
  plan_limit_reached: 'The limit of your plan is reached',
  rate_limited: 'Too many requests at once',
  payload_too_large: 'That is too large',
  internal: 'Something went wrong',
};

const NONE: string[] = [];

interface ProblemNoticeProps {
  error: unknown;
  /** What was kept: "Your text is still here." */
  kept?: string;
  /** Replaces the usual advice. */
  advice?: string;
  onRetry?: () => void;
  /** Fields that the form shows at their inputs, and this need not repeat. */
  shownFields?: string[];
}
/** `<ProblemNotice error={mutation.error} kept="Your text is still here." onRetry={...} />` */
export function ProblemNotice({ error, kept, advice, onRetry, shownFields = NONE }: ProblemNoticeProps) {
  const problem = problemOf(error);
  const fields = (problem.fields ?? []).filter((field) => !shownFields.includes(field.path));
  const title = saysItself(problem) ? undefined : titles[problem.code];
  return (
    <div className={styles.problem} role="alert">
      <StateShape state="failed" />
      <div className={styles.problemBody}>
        <div className={styles.problemTitle}>{title ?? problem.detail}</div>
        {title !== undefined && <div>{problem.detail}</div>}
        {fields.length > 0 && (
          <ul className={styles.problemFields}>
            {fields.map((field) => (
              <li key={field.path}>
                <span className="mono">{field.path}</span> {field.message}
              </li>
            ))}
          </ul>
        )}
        <div className="dim">{[kept, advice ?? adviceFor(problem)].filter(Boolean).join(' ')}</div>
        {onRetry && (
          <div className={styles.problemActions}>
            <Button onClick={onRetry}>Try again</Button>
          </div>
        )}
      </div>
    </div>
  );
}

/** A framed note; `warning` for what a person should know before going on. */
export function Note({ tone, children }: { tone?: 'warning'; children: ReactNode }) {
  return (
    <div className={styles.note} data-tone={tone}>
      {children}
    </div>
  );
}
