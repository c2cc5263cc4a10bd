// Whether an agent can be reached and works: dot and word.
import type { Agent, AgentStatus, Presence } from '../../shared/agent.ts';
import styles from './agents.module.css';

export const presenceWords: Record<Presence, string> = { idle: 'Idle', busy: 'Busy', offline: 'Offline' };
export const statusWords: Record<AgentStatus, string> = { active: 'Active', paused: 'Paused', retired: 'Retired' };
export const kindWords: Record<Agent['kind'], string> = { hosted: 'Hosted', external: 'External' };

/** Green and full: free. Blue and half: at work. Hollow: not reached. */
export function PresenceMark({ presence }: { presence: Presence }) {
  return (
    <span className={styles.presence} data-presence={presence}>
      <svg width={12} height={12} viewBox="0 0 12 12" aria-hidden>
        {presence === 'offline' ? (
          <circle cx="6" cy="6" r="3.6" fill="none" stroke="currentColor" strokeWidth="1.6" />
        ) : (
          <>
            <circle cx="6" cy="6" r="5.6" fill="currentColor" opacity="0.24" />
            <circle cx="6" cy="6" r="3.4" fill="currentColor" />
          </>
        )}
      </svg>
      {presenceWords[presence]}
    </span>
  );
}
