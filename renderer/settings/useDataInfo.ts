// What lies on this computer; null where the window's backend is on a server.
import { useAsked } from '../components/useAsk.ts';

export function useDataInfo() {
  return useAsked('data:info');
}
