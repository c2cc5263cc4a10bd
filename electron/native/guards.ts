// What no page may ever do: leave its origin, open windows, ask for permissions, download, reach the network.
import type { App, Session } from 'electron';

/** Which addresses the windows' session may load. Everything else is cancelled before it leaves. */
export function isAllowedAddress(address: string, origins: readonly string[]): boolean {
  if (address.startsWith('data:') || address.startsWith('devtools://')) return true;
  const asHttp = address.replace(/^ws/, 'http');
  return origins.some((origin) => asHttp === origin || asHttp.startsWith(`${origin}/`));
}

/** Closes the session to everything but our own pages. */
export function guardSession(session: Session, origins: readonly string[]): void {
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !isAllowedAddress(details.url, origins) });
  });
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}

/** Keeps every page that the app ever shows where it is. */
export function guardContents(app: App, origins: readonly string[]): void {
  app.on('web-contents-created', (_event, contents) => {
    const stay = (event: { url: string; preventDefault(): void }) => {
      if (!isAllowedAddress(event.url, origins) || event.url.startsWith('data:')) event.preventDefault();
    };
    contents.on('will-navigate', stay);
    contents.on('will-frame-navigate', stay);
    contents.on('will-redirect', stay);
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}
