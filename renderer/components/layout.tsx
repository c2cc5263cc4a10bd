// The frame of a screen: header, panels, tabs, list beside details, and what stands where nothing is.
import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect, useEffectEvent, useId, type KeyboardEvent, type ReactNode } from 'react';
import { CopyLink } from './CopyLink.tsx';
import { formatCount } from './format.ts';
import { isKeyboardTaken } from './listKeys.ts';
import styles from './layout.module.css';

/** A screen: header on top, the rest fills the height and scrolls inside its parts. */
export function Screen({ children }: { children: ReactNode }) {
  return <div className={styles.screen}>{children}</div>;
}

interface PageHeaderProps {
  title: string;
  /** Chips, a state or a segmented control right of the title. */
  aside?: ReactNode;
  /** Buttons at the right end, the main one last. */
  actions?: ReactNode;
}
/** Letters up to which a title is never cut: what stands beside it goes on in a second line instead. */
const SHORT_TITLE = 18;

export function PageHeader({ title, aside, actions }: PageHeaderProps) {
  return (
    <header className={styles.header} data-short={title.length <= SHORT_TITLE || undefined}>
      <h1 className="ellipsis" title={title}>{title}</h1>
      {aside}
      <div className="grow" />
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}

interface PanelProps {
  title?: ReactNode;
  /** At the right end of the title's line. */
  aside?: ReactNode;
  /** Without padding, for a table or a graph that reaches the edge. */
  flush?: boolean;
  /** Takes the free height and scrolls inside. */
  fill?: boolean;
  label?: string;
  children: ReactNode;
}
export function Panel({ title, aside, flush, fill, label, children }: PanelProps) {
  return (
    <section className={styles.panel} data-flush={flush || undefined} data-fill={fill || undefined} aria-label={label}>
      {title !== undefined && (
        <div className={styles.panelHead}>
          <h2>{title}</h2>
          <div className="grow" />
          {aside && <span className="dim small">{aside}</span>}
        </div>
      )}
      {children}
    </section>
  );
}

export interface Tab {
  id: string;
  label: string;
  count?: number;
}
interface TabsProps {
  name: string;
  tabs: Tab[];
  value: string;
  onChange(id: string): void;
}
/** Arrow keys move between tabs; the panel below belongs to the screen (`role="tabpanel"`, `id={`${name}-panel`}`). */
export function Tabs({ name, tabs, value, onChange }: TabsProps) {
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const index = tabs.findIndex((tab) => tab.id === value);
    const next = tabs[(index + step + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    onChange(next.id);
    event.currentTarget.parentElement?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <div className={styles.tabs} role="tablist">
      {tabs.map((tab) => (
        <UnstyledButton
          key={tab.id}
          className={styles.tab}
          role="tab"
          data-tab={tab.id}
          aria-selected={tab.id === value}
          aria-controls={tab.id === value ? `${name}-panel` : undefined}
          tabIndex={tab.id === value ? 0 : -1}
          onClick={() => onChange(tab.id)}
          onKeyDown={onKeyDown}
        >
          {tab.label}
          {tab.count !== undefined && tab.count > 0 && <span className={styles.tabCount}>{formatCount(tab.count)}</span>}
        </UnstyledButton>
      ))}
    </div>
  );
}

interface SegmentsProps {
  label: string;
  options: readonly { value: string; label: string; count?: number | undefined }[];
  value: string;
  onChange(value: string): void;
}
/** A few choices of which one holds: views, windows of time. Radio buttons, so arrow keys move. */
export function Segments({ label, options, value, onChange }: SegmentsProps) {
  const name = useId();
  return (
    <div className={styles.segments} role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} className={styles.segment}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
          {option.count !== undefined && <span className={styles.tabCount}>{formatCount(option.count)}</span>}
        </label>
      ))}
    </div>
  );
}

export { SplitDetails } from './SplitDetails.tsx';

interface DetailsProps {
  /** What is open, for a screen reader. */
  label: string;
  /** The first line: state, then at the right end the id. */
  head?: ReactNode;
  onClose(): void;
  /** Stays at the bottom: the buttons. */
  footer?: ReactNode;
  children: ReactNode;
}
/** The panel beside a list. Esc closes it from anywhere but a dialog or a field that uses Esc itself. */
export function Details({ label, head, onClose, footer, children }: DetailsProps) {
  const close = useEffectEvent(onClose);
  useEffect(() => {
    let taken = false;
    // Asked before anybody has the key: a dialog that Esc closes may be gone when it comes by here.
    const before = (event: globalThis.KeyboardEvent): void => {
      if (event.key === 'Escape') taken = isKeyboardTaken();
    };
    const onKeyDown = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || taken || isKeyboardTaken()) return;
      close();
    };
    window.addEventListener('keydown', before, true);
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', before, true);
      window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
  return (
    <aside className={styles.details} aria-label={label}>
      <div className={styles.detailsHead}>
        <div className={styles.detailsHeadContent}>{head}</div>
        <CopyLink />
        <Tooltip label="Close (Esc)">
          <UnstyledButton className={styles.close} aria-label="Close details" onClick={onClose}>
            <IconX size={15} />
          </UnstyledButton>
        </Tooltip>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must take the keyboard */}
      <div className={styles.detailsBody} data-unkept tabIndex={0} role="region" aria-label={`${label}, contents`}>
        {children}
      </div>
      {footer && <div className={styles.detailsFoot} data-details-foot>{footer}</div>}
    </aside>
  );
}

const WIDTHS = [60, 90, 80];
/** Lines where words will be, of these widths in per cent. */
export function Lines({ widths = WIDTHS }: { widths?: readonly number[] }) {
  return (
    <div className={styles.lines} role="status" aria-label="Loading">
      {widths.map((width, index) => <i key={index} style={{ width: `${width}%` }} />)}
    </div>
  );
}

interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  /** What this will show, and what to do first. */
  children?: ReactNode;
  actions?: ReactNode;
}
export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      {icon && <div className={styles.emptyIcon}>{icon}</div>}
      <div className={styles.emptyTitle}>{title}</div>
      {children && <div className={styles.emptyText}>{children}</div>}
      {actions && <div className={styles.emptyActions}>{actions}</div>}
    </div>
  );
}
