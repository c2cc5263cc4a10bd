// Links of the system, signalbox://…: registered where the app is installed, and read from what a start is given.
import type { App } from 'electron';
import { LINK_SCHEME, parseLink, type DeepLink } from '../../shared/link.ts';

/** A link as it was given: read, or only known to have been meant as one. */
export type GivenLink = { link: DeepLink } | { link: null };

/** The link among the arguments of a start; null when there is none. Nothing else of them is looked at. */
export function linkIn(args: readonly string[]): GivenLink | null {
  const given = args.find((argument) => argument.toLowerCase().startsWith(`${LINK_SCHEME}:`));
  return given === undefined ? null : { link: parseLink(given) };
}

/** An unpackaged app has no name that a system could start it by. */
export function registerLinks(app: App): void {
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
}

export interface LinkParts {
  ownerOf(owner: string): { id: string } | null;
  goTo(connection: string, path: string): void;
  /** Says why a link leads nowhere; `connect`: a server to add may help. */
  explain(words: { message: string; detail: string; connect: boolean }): void;
}

/** Goes where a link leads: a window and a place in it, never more. */
export function followLink({ link }: GivenLink, parts: LinkParts): void {
  if (link === null) {
    parts.explain({
      message: 'This link cannot be opened.',
      detail: 'It is not a link to a place in Signalbox, or it was cut off on the way. Nothing was done.',
      connect: false,
    });
    return;
  }
  const owner = parts.ownerOf(link.owner);
  if (owner !== null) {
    parts.goTo(owner.id, link.path);
    return;
  }
  parts.explain({
    message: 'This link is of a workspace that you have not opened here.',
    detail: 'If it is on a server, connect to the server and sign in; then open the link again. Nothing was done.',
    connect: true,
  });
}
