// Opens the socket: websocket only, a manager of its own, reconnecting by itself when the transport fails.
import { io, type Socket } from 'socket.io-client';
import type { Authenticate } from './live-connection.ts';

/** A socket to `/live` that is not connected yet. */
export function openSocket(url: string, authenticate: Authenticate): Socket {
  return io(`${url}/live`, {
    autoConnect: false,
    forceNew: true,
    transports: ['websocket'],
    auth: authenticate,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
  });
}
