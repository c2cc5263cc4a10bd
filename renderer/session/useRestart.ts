// Starts the backend of this window's connection anew, or asks the server once more.
import { useState } from 'react';
import { useBridge } from '../components/bridge.tsx';

export function useRestart(): { restart(): void; busy: boolean } {
  const bridge = useBridge();
  const [busy, setBusy] = useState(false);
  return {
    busy,
    restart() {
      setBusy(true);
      void bridge.request('backend:restart').finally(() => setBusy(false));
    },
  };
}
