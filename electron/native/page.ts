// Where a window's page comes from: the app's own files, or Vite's server while developing.
import { protocol, session as pageSession } from 'electron';
import { APP_ORIGIN, APP_SCHEME, developmentPolicy, serveApp } from './app-protocol.ts';
import { guardSession } from './guards.ts';

export interface Page {
  address: string;
  /** Of the pages that may ask main for anything. */
  origins: readonly string[];
  isDevelopment: boolean;
}

/** `developmentServer`: set by electron-vite while developing; an installed app never takes its page from one. */
export function pageOf(developmentServer: string | undefined): Page {
  if (developmentServer === undefined) {
    return { address: `${APP_ORIGIN}/`, origins: [APP_ORIGIN], isDevelopment: false };
  }
  return {
    address: developmentServer,
    origins: [APP_ORIGIN, new URL(developmentServer).origin],
    isDevelopment: true,
  };
}

/** Before the app is ready. */
export function registerPageScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges }]);
}

/** Serves the page from `root` and closes its session to everything else; the first page asked for may be another. */
export function servePage(page: Page, root: string, firstPage: () => string | null): void {
  guardSession(pageSession.defaultSession, page.origins);
  // Deprecated in favour of `handle`, which loads all of Node's fetch before the first page can be answered: 65 ms of a
  // start (docs/decisions/0014).
  const registered = protocol.registerBufferProtocol(APP_SCHEME, (request, answer) => {
    void serveApp(root, request, firstPage).then(answer);
  });
  if (!registered) throw new Error('The page cannot be served.');
  if (!page.isDevelopment) return;
  const policy = developmentPolicy(new URL(page.address).origin);
  pageSession.defaultSession.webRequest.onHeadersReceived((details, answer) => {
    answer({ responseHeaders: { ...details.responseHeaders, 'content-security-policy': [policy] } });
  });
}
