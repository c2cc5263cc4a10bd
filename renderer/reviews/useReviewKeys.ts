// The single keys of a review. None of them works in a field, or while a dialog has the keyboard.
import { useHotkeys } from '@mantine/hooks';
import { useAction } from '../components/actions.tsx';
import { useBridge } from '../components/bridge.tsx';
import { takesText } from '../components/keys.ts';
import { unlessDialog } from '../components/listKeys.ts';
import type { Work } from './useWork.ts';

export function useReviewKeys(work: Work): void {
  const bridge = useBridge();
  // Ctrl Z and the menu; what is being written comes first, as everywhere.
  useAction('edit.undo', () => {
    if (takesText(document.activeElement)) void bridge.request('app:act', { action: 'page.undo' });
    else work.undo();
  });
  const conflict = (run: () => void): (() => void) =>
    unlessDialog(() => {
      if (work.conflicts.length > 0) run();
    });
  useHotkeys([
    ['j', unlessDialog(work.next)],
    ['k', unlessDialog(work.previous)],
    ['m', unlessDialog(work.toggleMine)],
    ['a', unlessDialog(work.toggleAssigned)],
    ['p', unlessDialog(() => work.decide('pass'))],
    ['f', unlessDialog(() => work.decide('fail'))],
    ['n', unlessDialog(() => work.decide('not_applicable'))],
    ['w', unlessDialog(() => work.decide('waived'))],
    ['u', unlessDialog(work.undo)],
    ['t', conflict(work.keepTheirs)],
    ['y', conflict(work.useMine)],
    ['b', conflict(work.keepBoth)],
  ]);
}
