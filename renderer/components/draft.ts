// What is written in a form and not sent yet: kept beside the page, so that it outlives a crash of the page.
import { useEffect, useRef } from 'react';

interface Form<Values> {
  values: Values;
  setValues(values: Partial<Values>): void;
  isDirty(): boolean;
}

/**
 * Puts back what was written when the page went down, and keeps what is written from now on. A form that is closed,
 * sent or not, keeps nothing. `name` carries the workspace, so that nobody else's words come up.
 */
export function useDraft<Values extends object>(name: string, form: Form<Values>): void {
  const key = `draft ${name}`;
  const { values, setValues } = form;
  const open = useRef(() => {
    const kept = Object.entries(readDraft(key)).filter(([field]) => field in values);
    if (kept.length > 0) setValues(Object.fromEntries(kept) as Partial<Values>);
    return () => sessionStorage.removeItem(key);
  });
  useEffect(() => open.current(), []);
  const dirty = form.isDirty();
  useEffect(() => {
    if (dirty) sessionStorage.setItem(key, JSON.stringify(values));
  }, [key, dirty, values]);
}

function readDraft(key: string): object {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? '{}');
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}
