// A list's layout as the person left it: shown at once, kept by main a moment after the last change.
import { useEffect, useRef, useState } from 'react';
import type { ListLayout } from '../../shared/preferences.ts';
import { plainLayout } from './listLayout.ts';
import { useRemembered } from './remembered.tsx';

const SAVE_AFTER_MS = 400;

/** `label`: the list's, by which it is remembered. */
export function useListLayout(label: string): [layout: ListLayout, change: (layout: ListLayout) => void] {
  const { preferences, prefer } = useRemembered();
  const kept = preferences.lists[label];
  /** Not kept yet, as while a column is being drawn wider. */
  const [draft, setDraft] = useState<ListLayout | null>(null);
  const latest = useRef<ListLayout | null>(null);
  useEffect(() => {
    latest.current = draft;
    if (draft === null) return;
    const timer = setTimeout(() => {
      prefer({ lists: { [label]: draft } });
      latest.current = null;
      setDraft(null);
    }, SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [draft, label, prefer]);
  // A screen that is left within the moment has its change kept too, and so has a window that closes.
  useEffect(() => {
    const keep = () => {
      if (latest.current !== null) prefer({ lists: { [label]: latest.current } });
    };
    window.addEventListener('pagehide', keep);
    return () => {
      window.removeEventListener('pagehide', keep);
      keep();
    };
  }, [label, prefer]);
  return [draft ?? kept ?? plainLayout, setDraft];
}
