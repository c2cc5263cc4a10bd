// The first screen: create a workspace, or sign in to one.
import { useState } from 'react';
import type { DemoStatus } from '../../shared/keeping.ts';
import { RestoreDialog } from '../backup/index.ts';
import { useStatus } from '../app/status.tsx';
import { ConnectDialog, Switcher } from '../connections/index.ts';
import { Note } from '../components/ProblemNotice.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import { TryDemo } from '../demo/index.ts';
import { RegisterForm } from './RegisterForm.tsx';
import { SignInForm } from './SignInForm.tsx';
import styles from './session.module.css';

interface WelcomeProps {
  /** Why the person is signed out, or the address of the last session; from main. */
  hint: string | null;
  keychain: boolean;
  /** Absent: this window's backend has none to offer. */
  demo?: DemoStatus | undefined;
}

export function Welcome({ hint, keychain, demo }: WelcomeProps) {
  const known = hint !== null;
  const { kind, name } = useStatus().status.connection;
  const here = kind === 'embedded';
  // A server has its people already; who is new there is usually invited.
  const [mode, setMode] = useState<'register' | 'login'>(known || !here ? 'login' : 'register');
  return (
    <main className={styles.welcome}>
      <section className={styles.intro}>
        <Mark />
        <div className={styles.claim}>
          <h1>One room from which every agent is seen and steered.</h1>
          <p>
            Give agents work, see who does what and what is stuck, and step in where a person is needed. Everything on
            screen is live.
          </p>
        </div>
        <Lanes />
        <p className={styles.local}>
          {here ? 'Runs on this computer. Nothing leaves it until you connect a provider.' : `This window is connected to ${name}.`}
        </p>
      </section>
      <section className={styles.entry}>
        <div className={styles.where}><Switcher workspace={null} settings={false} /></div>
        <div className={styles.form}>
          <h2>{mode === 'register' ? 'Create your workspace' : 'Sign in'}</h2>
          {known && !hint.includes('@') && <Note>{hint}</Note>}
          {mode === 'register' ? <RegisterForm /> : <SignInForm email={known && hint.includes('@') ? hint : ''} />}
          <div className={styles.switch}>
            {mode === 'register' ? 'You have a workspace here already?' : here ? 'New on this computer?' : 'New on this server?'}{' '}
            <button type="button" onClick={() => setMode(mode === 'register' ? 'login' : 'register')}>
              {mode === 'register' ? 'Sign in' : 'Create a workspace'}
            </button>
          </div>
          <Ways demo={demo} here={here} />
          {!keychain && (
            <Note tone="warning">
              This computer has no keychain, so nothing is kept of your session: you will sign in again next time.
            </Note>
          )}
        </div>
      </section>
    </main>
  );
}

/** The ways that need no form: look around first, go where the others are, or bring a workspace along. */
function Ways({ demo, here }: { demo: DemoStatus | undefined; here: boolean }) {
  const [restoring, setRestoring] = useState(false);
  const [connecting, setConnecting] = useState(false);
  if (!here) return null;
  return (
    <section className={styles.ways} aria-label="Other ways to begin">
      {demo?.offered === true && <TryDemo demo={demo} />}
      <div className={styles.switch}>
        Your company runs a server?{' '}
        <button type="button" onClick={() => setConnecting(true)}>Connect to it</button>
      </div>
      {demo?.offered === true && (
        <div className={styles.switch}>
          You have a backup?{' '}
          <button type="button" onClick={() => setRestoring(true)}>Restore it</button>
        </div>
      )}
      <ConnectDialog opened={connecting} onClose={() => setConnecting(false)} />
      {restoring && <RestoreDialog onClose={() => setRestoring(false)} />}
    </section>
  );
}

function Mark() {
  return (
    <div className={styles.brand}>
      <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden>
        <rect width="26" height="26" rx="7" fill="var(--accent)" />
        <path d="M6 9h14M6 17h6l4-8" stroke="var(--on-accent)" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" fill="none" />
        <circle cx="19" cy="17" r="2" fill="var(--on-accent)" />
      </svg>
      Signalbox
    </div>
  );
}

/** What the board looks like; a picture, not data. */
function Lanes() {
  const lanes = [
    { name: 'researcher', blocks: [[0, 22, 'succeeded'], [24, 18, 'succeeded'], [44, 24, 'running']] },
    { name: 'reviewer', blocks: [[4, 16, 'succeeded'], [23, 13, 'failed'], [38, 30, 'running']] },
    { name: 'writer', blocks: [[0, 28, 'succeeded'], [31, 21, 'handed_off']] },
    { name: 'tester', blocks: [[10, 24, 'succeeded'], [36, 32, 'retrying']] },
  ] as const;
  return (
    <div className={styles.picture} aria-hidden>
      {lanes.map((lane) => (
        <div key={lane.name} className={styles.lane}>
          <span className="small dim">{lane.name}</span>
          <span className={styles.track}>
            {lane.blocks.map(([left, width, state]) => (
              <i key={left} data-state={state} style={{ left: `${left}%`, width: `${width}%` }} />
            ))}
          </span>
        </div>
      ))}
      <div className={styles.legend}>
        <StateBadge state="running" />
        <StateBadge state="succeeded" />
        <StateBadge state="retrying" />
        <StateBadge state="failed" />
        <StateBadge state="handed_off" />
      </div>
    </div>
  );
}
