// Lines above a screen: what is out of order, since when, what was kept, and when it heals.
import { useState } from 'react';
import type { BackendStatus } from '../../shared/ipc.ts';
import { DemoBanner } from '../demo/index.ts';
import { Drafts } from '../app/Drafts.tsx';
import { useStatus } from '../app/status.tsx';
import { Banner } from '../components/Banner.tsx';
import { formatBytes, formatDuration } from '../components/format.ts';
import { useNow } from '../components/now.tsx';
import { Time } from '../components/values.tsx';
import { useLive } from '../live/freshness.ts';
import { crashWords, keychainAdvice } from './troubleWords.ts';
import { useRestart } from './useRestart.ts';

/** All that is worth a line now; the connection first. */
export function Banners() {
  return (
    <>
      <DemoBanner />
      <ConnectionBanner />
      <CrashedBefore />
      <DrawnAgain />
      <DiskBanner />
      <PortBanner />
      <ClockBanner />
      <KeychainBanner />
      <Drafts />
    </>
  );
}

/** The one line about whether what is shown is up to date. */
function ConnectionBanner() {
  const freshness = useLive((state) => state.freshness);
  const asOf = useLive((state) => state.asOf);
  const { backend } = useStatus().status;
  if (backend.state === 'away') return <AwayBanner backend={backend} />;
  if (backend.state === 'starting' && backend.crash) {
    return (
      <Banner title="The backend stopped and is being started again.">
        {crashWords(backend.crash)} What you see stays here and what you write is kept.
      </Banner>
    );
  }
  if (freshness.state !== 'stale') return null;
  return (
    <Banner title="The connection is lost.">
      {freshness.reason} What you see is as of <Time value={asOf ?? freshness.since} past />. Signalbox keeps trying; work that runs goes on.
    </Banner>
  );
}

function AwayBanner({ backend }: { backend: Extract<BackendStatus, { state: 'away' }> }) {
  const { restart, busy } = useRestart();
  return (
    <Banner title={`${backend.title}.`} actions={[{ label: 'Try now', run: restart, busy }]}>
      {backend.message} {backend.action} What you see is as of <span aria-live="off"><Time value={backend.since} everyMs={1_000} past /></span>. Nothing is
      changed until it is back; what you write stays in its form. <NextTry at={backend.nextTryAt} />
    </Banner>
  );
}

function NextTry({ at }: { at: string | null }) {
  const now = useNow(1_000);
  if (at === null) return null;
  const seconds = Math.max(0, Math.ceil((Date.parse(at) - now) / 1000));
  // Read with the line, and not again each second.
  return <span className="figures" aria-live="off">{seconds === 0 ? 'Trying now.' : `Next try in ${formatDuration(seconds)}.`}</span>;
}

/** It runs again: what happened meanwhile is said until it was read. */
function CrashedBefore() {
  const { backend } = useStatus().status;
  const [read, setRead] = useState<string | null>(null);
  const crash = backend.state === 'ready' ? backend.crash : undefined;
  if (crash === undefined || crash.at === read) return null;
  return (
    <Banner quiet title="The backend was started again." actions={[{ label: 'I see', run: () => setRead(crash.at) }]}>
      {crashWords(crash)}
    </Banner>
  );
}

/** The process that draws went down; where the window is and what was written come back with it. */
function DrawnAgain() {
  const { crashed } = useStatus();
  const [read, setRead] = useState(false);
  if (!crashed || read) return null;
  return (
    <Banner quiet title="This window stopped and was drawn again." actions={[{ label: 'I see', run: () => setRead(true) }]}>
      Work went on meanwhile. What was being written in a form is kept and offered again.
    </Banner>
  );
}

function DiskBanner() {
  const { backend } = useStatus().status;
  const disk = backend.state === 'ready' ? backend.disk : undefined;
  if (disk === undefined) return null;
  return (
    <Banner title="The disk is nearly full.">
      {formatBytes(disk.freeBytes)} are free where the workspace is, and {formatBytes(disk.neededBytes)} are needed to change
      anything. Everything can be read; nothing is written or begun until there is room. Free some space, and this goes on
      by itself.
    </Banner>
  );
}

function PortBanner() {
  const { backend } = useStatus().status;
  const [read, setRead] = useState(false);
  if (backend.state !== 'ready' || backend.portTaken === undefined || read) return null;
  const { portTaken, url } = backend;
  return (
    <Banner quiet title={`Port ${portTaken} is in use by another program.`} actions={[{ label: 'I see', run: () => setRead(true) }]}>
      Until the next start agents find this backend at <span className="mono">{url}</span>. Close the other program and start
      Signalbox again to have {portTaken} back.
    </Banner>
  );
}

function ClockBanner() {
  const { clockAhead } = useStatus().status;
  if (clockAhead === undefined || Math.abs(clockAhead) <= 60) return null;
  const by = formatDuration(Math.abs(clockAhead));
  return (
    <Banner title={`This computer’s clock is ${by} ${clockAhead > 0 ? 'ahead of' : 'behind'} the server’s.`}>
      Ages and times left are reckoned by the server’s clock here. Have your system set its time from the network.
    </Banner>
  );
}

function KeychainBanner() {
  const { status } = useStatus();
  const [read, setRead] = useState(false);
  const forgotten = status.session.state === 'signed_in' && !status.session.remembered && !status.keychain;
  if (!forgotten || read) return null;
  return (
    <Banner quiet title="This computer has no keychain." actions={[{ label: 'I see', run: () => setRead(true) }]}>
      Your session is not kept: you will sign in again next time. {keychainAdvice(status.platform)}
    </Banner>
  );
}
