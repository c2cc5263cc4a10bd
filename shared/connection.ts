// Connections, as a window sees them: names and colours, never an address that it could call or a token.
import { z } from 'zod';
import type { Accent } from './accent.ts';

export interface ConnectionSummary {
  id: string;
  kind: 'embedded' | 'server';
  name: string;
  /** Where it is, in words: "this computer", or the server's host. */
  where: string;
  /** The workspace that was open there last; null: none yet. */
  workspace: string | null;
  /** The workspace's colour; null before the first sign-in. */
  accent: Accent | null;
  lastUsedAt: string | null;
  /** A window of it is open. */
  open: boolean;
  /** This computer, and a server that the environment names, stay. */
  removable: boolean;
}

export const connectionId = z.string().regex(/^[a-z0-9-]{1,64}$/);
const name = z.string().trim().min(1, 'Give it a name.').max(80, 'Use at most 80 characters.');
export const newConnection = z.object({
  /** As the person writes it: `signalbox.example.com`. Main decides what it means. */
  address: z.string().trim().min(1, 'Write the address of the server.').max(300, 'This is too long for an address.'),
  name: name.optional(),
});
export const renamedConnection = z.object({ id: connectionId, name });
