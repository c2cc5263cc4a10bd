// The title bar: whose workspace this is, back and forward, the omnibox, and how fresh what is shown is.
import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { actions } from '../../shared/actions.ts';
import { asOfWords } from '../../shared/as-of.ts';
import { assertNever } from '../../shared/errors.ts';
import { attachedTo, useActions, useRun } from '../components/actions.tsx';
import { formatExact } from '../components/format.ts';
import { ariaKeys, keyWords } from '../components/keys.ts';
import { Kbd } from '../components/values.tsx';
import { Switcher } from '../connections/index.ts';
import { useNow } from '../components/now.tsx';
import { DemoTag } from '../demo/index.ts';
import { useLive } from '../live/freshness.ts';
import styles from './Shell.module.css';

export function TitleBar({ organization, demo = false }: { organization: string; demo?: boolean }) {
  const run = useRun();
  return (
    <TitleBarFrame
      tenant={
        <>
          <Switcher workspace={organization} />
          {demo && <DemoTag />}
        </>
      }
      freshness={<FreshnessMark />}
    >
      <div className={styles.history}>
        <HistoryButton action="go.back" icon={<IconChevronLeft size={16} aria-hidden />} />
        <HistoryButton action="go.forward" icon={<IconChevronRight size={16} aria-hidden />} />
      </div>
      <UnstyledButton className={styles.omni} title={actions['palette.open'].label} onClick={() => run('palette.open')} aria-keyshortcuts={ariaKeys('mod+k')}>
        <IconSearch size={13} aria-hidden />
        <span className="ellipsis grow">
          Search<span className={styles.omniRest}>, go to, or act…</span>
        </span>
        <span className={styles.omniKeys} aria-hidden><Kbd>{keyWords('mod+k')}</Kbd></span>
      </UnstyledButton>
    </TitleBarFrame>
  );
}

/** Not to be used now: disabled, still reachable, and saying why. */
function HistoryButton({ action, icon }: { action: 'go.back' | 'go.forward'; icon: ReactNode }) {
  const run = useRun();
  const attached = attachedTo(useActions(), action);
  const { label, keys } = actions[action];
  const [key = ''] = keys ?? [];
  const reason = attached?.reason ?? null;
  return (
    <Tooltip label={reason ?? `${label} (${keyWords(key)})`}>
      <UnstyledButton
        className={styles.step}
        aria-label={label}
        aria-disabled={reason !== null || undefined}
        aria-keyshortcuts={ariaKeys(key)}
        onClick={() => void run(action)}
      >
        {icon}
      </UnstyledButton>
    </Tooltip>
  );
}

interface FrameProps {
  tenant: ReactNode;
  freshness: ReactNode;
  children: ReactNode;
}
/** The frame alone, so that the window has its shape before anything is known. */
export function TitleBarFrame({ tenant, freshness, children }: FrameProps) {
  return (
    <header className={styles.bar}>
      <span className={styles.tenant}>{tenant}</span>
      {children}
      {freshness}
    </header>
  );
}

function FreshnessMark() {
  const freshness = useLive((state) => state.freshness);
  const asOf = useLive((state) => state.asOf);
  const now = useNow(60_000);
  if (asOf !== null) {
    return (
      <Mark
        color="var(--wait)"
        shape="hollow"
        words={asOfWords(asOf, now)}
        tip={`What you see is as of ${formatExact(asOf)}, when Signalbox last ran. Changes can be made once it is connected.`}
      />
    );
  }
  switch (freshness.state) {
    case 'connecting':
      if (freshness.awake) {
        return (
          <Mark
            color="var(--wait)"
            shape="hollow"
            words="Awake again, catching up"
            tip="This computer was asleep. What happened meanwhile is being brought here."
          />
        );
      }
      return <Mark color="var(--wait)" shape="hollow" words="connecting…" tip="Connecting to the live stream of this workspace." />;
    case 'live':
      return (
        <Mark
          color="var(--ok)"
          words={freshness.awake ? 'live · awake again, caught up' : `live · ${Math.round(freshness.roundTripMs)} ms`}
          tip={
            freshness.awake
              ? 'This computer was asleep. What happened meanwhile is here.'
              : 'Every change shows here as it is committed. The figure is the round trip to the backend.'
          }
        />
      );
    case 'stale':
      return (
        <Mark
          color="var(--retry)"
          shape="square"
          words={`stale since ${clockOf(freshness.since)}`}
          tip={`${freshness.reason} What you see is as of ${formatExact(freshness.since)}.`}
        />
      );
    default:
      return assertNever(freshness);
  }
}

const clockOf = (time: string): string =>
  new Date(time).toLocaleTimeString('en', { hour12: false, hour: '2-digit', minute: '2-digit' });

interface MarkProps {
  color: string;
  shape?: 'hollow' | 'square';
  words: string;
  tip: string;
}
function Mark({ color, shape, words, tip }: MarkProps) {
  return (
    <Tooltip label={tip}>
      <span className={styles.fresh} data-testid="freshness">
        <i
          className={styles.dot}
          style={{ ['--d' as string]: color }}
          data-hollow={shape === 'hollow' || undefined}
          data-square={shape === 'square' || undefined}
        />
        {words}
        <span className="hidden-visually">{tip}</span>
      </span>
    </Tooltip>
  );
}
