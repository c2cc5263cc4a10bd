// The words for what went wrong with this computer's backend and keychain.
import type { CrashNote } from '../../shared/backend-status.ts';
import { formatPlural } from '../components/format.ts';

const timeOf = (at: string): string =>
  new Date(at).toLocaleTimeString('en', { hour12: false, hour: '2-digit', minute: '2-digit' });

const howWords = {
  ended: (time: string) => `It stopped by itself at ${time}`,
  hung: (time: string) => `It gave no answer for a minute and was stopped at ${time}`,
  disk_full: (time: string) => `The disk was full at ${time}, and it stopped before anything was half written`,
} satisfies Record<CrashNote['how'], (time: string) => string>;

/** What happened, how often, and what became of the work. */
export function crashWords({ at, times, how, putBack }: CrashNote): string {
  const often = times > 1 ? `, ${times} times within the last hour` : '';
  const work =
    putBack === null
      ? ''
      : putBack === 0
        ? ' No task was running here; nothing that was saved is lost.'
        : ` ${formatPlural(putBack, 'task')} that ran ${putBack === 1 ? 'was' : 'were'} put back without spending an attempt; nothing that was saved is lost.`;
  return `${howWords[how](timeOf(at))}${often}.${work}`;
}

/** How a keychain is had on this system. */
export function keychainAdvice(platform: string): string {
  switch (platform) {
    case 'darwin':
      return 'Unlock your login keychain in Keychain Access, then start Signalbox again.';
    case 'win32':
      return 'Sign in to Windows with your own account, then start Signalbox again.';
    default:
      return 'Install GNOME Keyring or KWallet and unlock it, then start Signalbox again.';
  }
}
