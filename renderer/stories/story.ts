// What a story is: a screen or a component in named states, drawn without a backend.
import type { ReactNode } from 'react';
import type { ConnectionSummary } from '../../shared/connection.ts';
import type { Freshness } from '../../shared/events.ts';
import type { Me } from '../../shared/identity.ts';
import type { AppStatus, Preferences } from '../../shared/ipc.ts';
import type { MetricSample } from '../../shared/metric.ts';
import type { Draft } from '../components/draft.ts';
import type { Handlers } from './bridge.ts';

export interface StoryState {
  /** What is drawn. Without it the whole window is, at `path`. */
  render?(): ReactNode;
  /** `shell`: inside the window's frame, at `path`; `page`: fills the window; `sheet`: on a padded sheet. */
  frame?: 'shell' | 'page' | 'sheet';
  path?: string;
  /** Answers of the backend that differ from the fixtures: `{ 'tasks.list': pending }`. */
  handlers?: Handlers;
  /** Answers of main about this computer's data that differ from the fixtures, by channel. */
  keeping?: Handlers;
  me?: Me;
  status?: Partial<AppStatus>;
  preferences?: Partial<Preferences>;
  connections?: ConnectionSummary[];
  /** Answers of connections:add. */
  connect?: (argument: unknown) => unknown;
  freshness?: Freshness;
  /** Forms that were left with something written in them. */
  drafts?: readonly Draft[];
  metrics?: MetricSample;
  samples?: readonly MetricSample[];
}

/** `export const stories = defineStories('tasks/table', { some: {...}, empty: {...} })`. */
export interface Stories {
  title: string;
  states: Record<string, StoryState>;
}

export function defineStories(title: string, states: Record<string, StoryState>): Stories {
  return { title, states };
}
