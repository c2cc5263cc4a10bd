// The keys of provider accounts, sealed under the master key and bound to their tenant and account.
import { seal, unseal, type Seal } from '../platform/vault.ts';
import { ProviderFault } from './faults.ts';

interface KeyRef {
  id: string;
  tenantId: string;
}

export interface Keys {
  seal(key: string, ref: KeyRef): { secret: Buffer; hint: string };
  /** Null: it has none. Throws `provider_key_unreadable`. */
  open(ref: KeyRef & { secret: Uint8Array | null }): string | null;
}

const place = ({ id, tenantId }: KeyRef): Seal => ({ purpose: 'provider-key', place: [tenantId, id] });
/** So short a key would be told by its last characters. */
const SHORTEST_HINTED = 12;

export function createKeys(masterKey: Uint8Array): Keys {
  return {
    seal: (key, ref) => ({ secret: seal(masterKey, key, place(ref)), hint: key.length >= SHORTEST_HINTED ? key.slice(-4) : '' }),
    open(ref) {
      if (ref.secret === null) return null;
      try {
        return unseal(masterKey, ref.secret, place(ref));
      } catch {
        throw new ProviderFault('provider_key_unreadable', 'Its key cannot be opened with the master key of this installation.');
      }
    },
  };
}
