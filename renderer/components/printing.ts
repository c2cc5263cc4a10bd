// Printing: lists are drawn whole for it, not only the rows in sight.
import { flushSync } from 'react-dom';
import { createStore, useStore } from 'zustand';

const store = createStore<{ printing: boolean }>(() => ({ printing: false }));

/** Whether the page is being laid out for paper. */
export function usePrinting(): boolean {
  return useStore(store, (state) => state.printing);
}

function set(printing: boolean): void {
  flushSync(() => store.setState({ printing }));
}

/** Chromium says before and after each print, whoever asked for it. Answers the way to stop listening. */
export function followPrinting(): () => void {
  const [before, after] = [() => set(true), () => set(false)];
  window.addEventListener('beforeprint', before);
  window.addEventListener('afterprint', after);
  return () => {
    window.removeEventListener('beforeprint', before);
    window.removeEventListener('afterprint', after);
  };
}
