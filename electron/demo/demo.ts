// The demo of this computer: made, gone on with after a break, entered again, and left. It is a workspace of its own;
// nothing of the person's is touched.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AppError, asAppError, toProblem } from '../../shared/errors.ts';
import type { Answered, DemoProgress, DemoStatus } from '../../shared/keeping.ts';
import type { JsonStore } from '../native/store.ts';
import type { Keychain } from '../session/keychain.ts';
import type { Session } from '../session/session.ts';
import type { Clock } from '../embedded/backend.ts';
import { giveLater, moreSteps, steps, type Call, type MakeParts } from './make.ts';
import { createTrickle } from './trickle.ts';
import { COMPANY, PERSON } from './world.ts';

/** `password` is encrypted by the keychain; without one the demo is entered again until the app ends. */
export const savedDemo = z.object({ email: z.string().optional(), password: z.string().optional() });
export type SavedDemo = z.infer<typeof savedDemo>;

export interface DemoParts {
  session(): Session;
  store: JsonStore<SavedDemo>;
  keychain: Keychain | null;
  document(name: string): Promise<string>;
  clock: Clock;
  onChange(): void;
}

export interface Demo {
  status(): Omit<DemoStatus, 'offered'>;
  start(): Promise<Answered<null>>;
  /** Lets work come in by itself, or no more. */
  setTrickle(on: boolean): Answered<null>;
  /** The session has changed: a demo that was broken off is gone on with. */
  follow(): void;
  leave(andDelete: boolean): Promise<Answered<null>>;
}

interface Credentials {
  email: string;
  password: string;
}

export function createDemo(parts: DemoParts): Demo {
  let making: DemoProgress | null = null;
  let running = false;
  let entering = false;
  let held: Credentials | null = load();
  /** The workspace that was looked at since the start: once is enough. */
  let followed: string | null = null;

  function load(): Credentials | null {
    const { email, password } = parts.store.read();
    if (email === undefined || password === undefined || parts.keychain === null) return null;
    try {
      return { email, password: parts.keychain.decrypt(password) };
    } catch {
      return null;
    }
  }

  function keep(credentials: Credentials | null): void {
    held = credentials;
    try {
      const sealed = credentials === null ? undefined : parts.keychain?.encrypt(credentials.password);
      parts.store.write(credentials === null || sealed === undefined ? {} : { email: credentials.email, password: sealed });
    } catch {
      // A full disk or a locked keychain: it is held until the app ends.
    }
  }

  function tell(next: DemoProgress | null): void {
    making = next;
    parts.onChange();
  }

  function demoOf(): string | null {
    const status = parts.session().status();
    return status.state === 'signed_in' && status.me.organization.demo === true ? status.me.organization.id : null;
  }

  const calling = (type: 'query' | 'mutation'): Call => async (path, input) => {
    const answer = await parts.session().call({ path, type, input });
    if (answer.ok) return answer.data as never;
    throw new AppError(answer.problem.code, answer.problem.detail);
  };
  const operations: MakeParts = { query: calling('query'), mutate: calling('mutation'), document: (name) => parts.document(name) };

  const trickle = createTrickle({
    clock: parts.clock,
    async give() {
      if (demoOf() === null) return trickle.stop();
      await giveLater(operations);
    },
    onChange: parts.onChange,
  });

  async function make(todo: typeof steps, quietly = false): Promise<void> {
    if (running) return;
    running = true;
    const mine = demoOf();
    try {
      for (const [index, { doing, run }] of todo.entries()) {
        if (demoOf() !== mine) return;
        if (!quietly) tell({ step: index + 1, steps: todo.length, doing, problem: null });
        try {
          await run(operations);
        } catch (cause) {
          if (demoOf() === mine) tell({ step: index + 1, steps: todo.length, doing, problem: toProblem(asAppError(cause)) });
          return;
        }
      }
      tell(null);
      if (demoOf() !== null) trickle.start();
    } finally {
      running = false;
      if (demoOf() !== mine) tell(null);
    }
  }

  async function enter(): Promise<Answered<null>> {
    if (held !== null) {
      const answer = await parts.session().signIn('auth.login', held);
      if (answer.ok) return { ok: true, data: null };
      if (answer.problem.code !== 'invalid_credentials') return answer;
      keep(null);
    }
    const made: Credentials = {
      email: `guest-${randomBytes(6).toString('hex')}@demo.example`,
      password: randomBytes(24).toString('base64url'),
    };
    const answer = await parts.session().signIn('auth.register', { ...made, organizationName: COMPANY, name: PERSON, demo: true });
    if (!answer.ok) return answer;
    keep(made);
    return { ok: true, data: null };
  }

  return {
    status: () => ({ kept: held !== null, making, trickle: trickle.on }),
    setTrickle(on) {
      if (demoOf() === null) return refusal('This window is not in the demo.');
      if (on) trickle.start();
      else trickle.stop();
      return { ok: true, data: null };
    },
    async start() {
      const status = parts.session().status();
      if (status.state === 'signed_in' && demoOf() === null) {
        return refusal('Sign out first: the demo is a workspace of its own.');
      }
      const again = demoOf() !== null;
      const broken = making?.problem !== null && making !== null;
      if (!again) {
        entering = true;
        const entered = await enter().finally(() => (entering = false));
        if (!entered.ok) return entered;
      }
      followed = demoOf();
      // Not awaited: the person watches it being made.
      if (again && !broken) void moreSteps(operations).then(make, () => undefined);
      else void make(steps);
      return { ok: true, data: null };
    },
    follow() {
      const id = demoOf();
      if (id === null) trickle.stop();
      if (id === null || id === followed || running || entering) return;
      followed = id;
      void make(steps, true);
    },
    async leave(andDelete) {
      if (demoOf() === null) return refusal('This window is not in the demo.');
      if (andDelete) {
        const answer = await parts.session().call({ path: 'workspace.deleteDemo', type: 'mutation', input: {} });
        if (!answer.ok) return answer;
        keep(null);
      }
      await parts.session().signOut(andDelete ? 'The demo is deleted.' : 'You have left the demo. It waits here for you.');
      followed = null;
      tell(null);
      return { ok: true, data: null };
    },
  };
}

function refusal(message: string): { ok: false; problem: ReturnType<typeof toProblem> } {
  return { ok: false, problem: toProblem(new AppError('conflict', message)) };
}
