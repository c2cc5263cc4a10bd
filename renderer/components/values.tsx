// Values in rows: times, durations, money, keys, the marks of agents, and the tag of the simulated.
import { Tooltip } from '@mantine/core';
import { cloneElement, useState, type PointerEventHandler, type ReactElement, type ReactNode } from 'react';
import { SIMULATOR_NOTICE } from '../../shared/provider.ts';
import { formatAge, formatClock, formatDuration, formatExact, formatMoney, formatRelative, shortId } from './format.ts';
import { useNow } from './now.tsx';
import styles from './parts.module.css';

interface TipProps {
  label: ReactNode;
  children: ReactElement<{ onPointerEnter?: PointerEventHandler }>;
}
/**
 * A tooltip that is made when the pointer comes: a list draws hundreds of values while it scrolls, and Mantine's
 * costs as much as the rest of a cell. Only for words whose tooltip a screen reader gets in another way.
 */
function Tip({ label, children }: TipProps) {
  const [near, setNear] = useState(false);
  if (near) return <Tooltip label={label}>{children}</Tooltip>;
  return cloneElement(children, { onPointerEnter: () => setNear(true) });
}

interface TimeProps {
  value: string | null;
  everyMs?: number;
  /** Of what has happened: never "in 59 min", as it would read after a clock was set back. */
  past?: boolean;
}
/** "4 min ago", exact in the tooltip and for a screen reader. Null: a dash. */
export function Time({ value, everyMs = 10_000, past = false }: TimeProps) {
  const read = useNow(everyMs);
  if (value === null) return <span className="faint">–</span>;
  const now = past ? Math.max(read, Date.parse(value)) : read;
  const exact = formatExact(value);
  return (
    <Tip label={exact}>
      <time className="figures" dateTime={value} aria-label={`${formatRelative(value, now)}, ${exact}`}>
        {formatRelative(value, now)}
      </time>
    </Tip>
  );
}

/** How old: `4 min`, exact in the tooltip and for a screen reader. For a column whose header says "Age". */
export function Age({ since, everyMs = 10_000 }: { since: string; everyMs?: number }) {
  const age = formatAge((useNow(everyMs) - Date.parse(since)) / 1000);
  const exact = formatExact(since);
  return (
    <Tip label={exact}>
      <time className="figures" dateTime={since} aria-label={`${age} old, ${exact}`}>
        {age}
      </time>
    </Tip>
  );
}

/** Seconds with units; null: a dash. */
export function Duration({ seconds }: { seconds: number | null }) {
  return seconds === null ? <span className="faint">–</span> : <span className="figures">{formatDuration(seconds)}</span>;
}

/** Time used of a limit, ticking: `8:12 of 15 min`, amber in the last tenth. */
export function Elapsed({ since, limitSeconds }: { since: string; limitSeconds?: number }) {
  const seconds = Math.max(0, (useNow(1_000) - Date.parse(since)) / 1000);
  const near = limitSeconds !== undefined && seconds > limitSeconds * 0.9;
  return (
    <span className="figures" style={near ? { color: 'var(--retry)' } : undefined}>
      {formatClock(seconds)}
      {limitSeconds === undefined ? '' : ` of ${formatDuration(limitSeconds)}`}
    </span>
  );
}

export function Money({ usd }: { usd: string }) {
  return <span className="figures">{formatMoney(usd)}</span>;
}

/** A key cap: `<Kbd>Ctrl K</Kbd>`. */
export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className={styles.kbd}>{children}</kbd>;
}

/** The end of an id in mono; whole in the tooltip. */
export function Id({ id }: { id: string }) {
  return (
    <Tip label={<span className="mono">{id}</span>}>
      <span className="mono ellipsis" data-whole>{shortId(id)}</span>
    </Tip>
  );
}

/** The first letters of a name's two words, or its two first letters. */
export function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const [first = '?', second] = words;
  return (second ? `${[...first][0]}${[...second][0]}` : [...first].slice(0, 2).join('')).toUpperCase();
}

/**
 * Two letters and the name. Of what is simulated the letters stand in a dashed frame, as everywhere in lists; the
 * status line says what that means, and the details say it in words.
 */
export function AgentMark({ name, simulated = false }: { name: string | null; simulated?: boolean }) {
  if (name === null) return <span className="faint">any agent</span>;
  return (
    <span className={styles.agent}>
      <span className={styles.mark} data-simulated={simulated || undefined} aria-hidden>
        {name.slice(0, 2).toUpperCase()}
      </span>
      <span className="ellipsis" title={simulated ? `${name}. ${SIMULATOR_NOTICE}` : name}>{name}</span>
      {simulated && <span className="hidden-visually">, simulated</span>}
    </span>
  );
}

/** The dashed frame alone, where a row has no agent's mark to carry it. */
export function SimulatedMark() {
  return (
    <Tip label={SIMULATOR_NOTICE}>
      <span className={styles.simulatedMark} role="img" aria-label="simulated" />
    </Tip>
  );
}

/** In words, once on a screen: in details, in headings and in the status line. */
export function SimulatedTag() {
  return (
    <Tip label={SIMULATOR_NOTICE}>
      <span className={styles.simulated}>simulated</span>
    </Tip>
  );
}

export function Chip({ children }: { children: ReactNode }) {
  return <span className={styles.chip}>{children}</span>;
}
