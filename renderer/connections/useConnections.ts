// The connections of this computer, as main lists them; kept up to date by its notices.
import { useEffect, useState } from 'react';
import type { ConnectionSummary } from '../../shared/connection.ts';
import { useBridge } from '../components/bridge.tsx';

/** Null: not asked yet. */
export function useConnections(): ConnectionSummary[] | null {
  const bridge = useBridge();
  const [connections, setConnections] = useState<ConnectionSummary[] | null>(null);
  useEffect(() => {
    let noticed = false;
    const stop = bridge.on('connections', (list) => {
      noticed = true;
      setConnections(list);
    });
    void bridge.request('connections:list').then((list) => {
      if (!noticed) setConnections(list);
    });
    return stop;
  }, [bridge]);
  return connections;
}
