// The series of the window that the route names, kept fresh, and what of it is shown: moving, or held still.
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { metricWindows, type MetricPoint, type MetricSeries } from '../../shared/metric.ts';
import { useApi } from '../app/api.ts';
import { useLive } from '../live/freshness.ts';
import { windowOf, type Window } from './points.ts';

export type WindowMinutes = (typeof metricWindows)[number];

export function minutesOf(asked: string | undefined): WindowMinutes {
  return metricWindows.find((minutes) => String(minutes) === asked) ?? metricWindows[0];
}

/** Seconds after which a window is read anew: as often as it has a new point, and no more than needed. */
const refreshSeconds = (minutes: WindowMinutes): number => ({ 5: 30, 15: 15, 60: 60, 360: 60, 1_440: 240 })[minutes];

interface Shown {
  series: MetricSeries;
  window: Window;
  /** The newest point. */
  present: MetricPoint;
}

export interface Metrics {
  /** Undefined: the first answer is on its way, or failed. */
  shown: Shown | undefined;
  error: unknown;
  retry(): void;
  /** When it was held still, in milliseconds; null: it moves. */
  heldAt: number | null;
  toggle(): void;
}

export function useMetrics(minutes: WindowMinutes): Metrics {
  const api = useApi();
  const samples = useLive((state) => state.samples);
  const [held, hold] = useState<{ minutes: WindowMinutes; shown: Shown; at: number } | null>(null);
  const still = held !== null && held.minutes === minutes ? held : null;
  const query = useQuery({
    ...api.metrics.series.queryOptions({ windowMinutes: minutes }),
    // What was read when the screen was last open has a hole up to now.
    refetchOnMount: 'always',
    refetchInterval: still ? false : refreshSeconds(minutes) * 1_000,
  });
  const series = query.data;
  const moving = useMemo((): Shown | undefined => {
    if (!series) return undefined;
    const window = windowOf(series, samples);
    const present = window.points.at(-1)?.point ?? series.points.at(-1);
    return present ? { series, window, present } : undefined;
  }, [series, samples]);
  const shown = still?.shown ?? moving;
  return {
    shown,
    error: query.error,
    retry: () => void query.refetch(),
    heldAt: still?.at ?? null,
    toggle: () => {
      if (still) hold(null);
      else if (moving) hold({ minutes, shown: moving, at: moving.window.points.at(-1)?.at ?? 0 });
    },
  };
}
