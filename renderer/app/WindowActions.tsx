// What every window can do, signed in or not: its keys, the menu's choices, themes, connections, printing, the sheet.
import { useEffect, useState, type ReactNode } from 'react';
import { useAction, useActionKeys, useRun } from '../components/actions.tsx';
import { useBridge } from '../components/bridge.tsx';
import { followPrinting } from '../components/printing.ts';
import { ConnectDialog } from '../connections/index.ts';
import { KeyboardSheet } from './KeyboardSheet.tsx';
import { useStatus } from './status.tsx';

export function WindowActions({ children }: { children: ReactNode }) {
  const bridge = useBridge();
  const run = useRun();
  const { prefer } = useStatus();
  const [sheet, setSheet] = useState(false);
  const [connecting, setConnecting] = useState(false);
  useActionKeys();
  useAction('theme.system', () => prefer({ theme: 'system' }));
  useAction('theme.light', () => prefer({ theme: 'light' }));
  useAction('theme.dark', () => prefer({ theme: 'dark' }));
  useAction('connection.add', () => setConnecting(true));
  useAction('keys.show', () => setSheet(true));
  useAction('print', () => void bridge.request('app:act', { action: 'page.print' }));
  useEffect(followPrinting, []);
  useEffect(() => bridge.on('menu:action', (id) => void run(id)), [bridge, run]);
  // Before the sign-in a link is kept in the address: the window goes there when somebody has signed in.
  useEffect(() => bridge.on('menu:go', (path) => window.history.replaceState(null, '', `#${path}`)), [bridge]);
  return (
    <>
      {children}
      <KeyboardSheet opened={sheet} onClose={() => setSheet(false)} />
      <ConnectDialog opened={connecting} onClose={() => setConnecting(false)} />
    </>
  );
}
