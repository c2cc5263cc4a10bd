// Output that reads: Markdown, code, JSON, and a command to copy. No raw HTML, no link that opens by itself.
import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { requests } from '../../shared/ipc.ts';
import { useBridge } from './bridge.tsx';
import { formatCount } from './format.ts';
import { later } from './later.tsx';
import styles from './parts.module.css';

/** Its code comes when there is something to read; until then the text stands as it was written. */
export const Markdown = later(
  async () => (await import('./Markdown.tsx')).MarkdownView,
  function Meanwhile({ text }: { text: string }) {
    return <div className={`${styles.markdown} ${styles.unread}`}>{text}</div>;
  },
);

interface CodeBlockProps {
  children: ReactNode;
  maxHeight?: number;
  label?: string;
}
/** Raw text in mono; scrolls inside `maxHeight` and takes the focus for it. */
export function CodeBlock({ children, maxHeight, label }: CodeBlockProps) {
  const scrolls = maxHeight !== undefined;
  return (
    <pre
      className={styles.code}
      style={{ maxHeight }}
      tabIndex={scrolls ? 0 : undefined}
      role={scrolls ? 'region' : undefined}
      aria-label={scrolls ? (label ?? 'Raw text') : undefined}
    >
      {children}
    </pre>
  );
}

/** JSON, indented; a text that is not JSON as it is. */
export function JsonView({ value, maxHeight }: { value: unknown; maxHeight?: number }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return (
    <CodeBlock maxHeight={maxHeight} label="JSON">
      {text}
    </CodeBlock>
  );
}

/** The most that the bridge takes at once. */
const MOST_TO_COPY = requests['clipboard:write'].shape.text.maxLength ?? 10_000;

interface CopyButtonProps {
  text: string;
  label: string;
  className?: string | undefined;
  /** The text is on the clipboard. */
  onCopied?: (() => void) | undefined;
}
/** Puts a text on the clipboard and says so; a text that is too long says that instead. */
export function CopyButton({ text, label, className, onCopied }: CopyButtonProps) {
  const bridge = useBridge();
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  useEffect(() => {
    if (copied === 'no') return;
    const timer = setTimeout(() => setCopied('no'), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  const tooLong = text.length > MOST_TO_COPY;
  const copy = (): void => {
    if (tooLong) return;
    bridge.request('clipboard:write', { text }).then(
      () => {
        setCopied('yes');
        onCopied?.();
      },
      () => setCopied('failed'),
    );
  };
  const words = { no: 'Copy', yes: 'Copied', failed: 'Not copied' }[copied];
  return (
    <Tooltip label={`At most ${formatCount(MOST_TO_COPY)} characters can be copied at once; this has ${formatCount(text.length)}.`} disabled={!tooLong}>
      <UnstyledButton
        className={className ?? styles.copyAlone}
        onClick={copy}
        aria-disabled={tooLong || undefined}
        aria-label={`${words}: ${label}`}
      >
        {copied === 'yes' ? <IconCheck size={14} /> : <IconCopy size={14} />}
        <span aria-live="polite">{words}</span>
      </UnstyledButton>
    </Tooltip>
  );
}

/** A command, a key or an address to copy. `wrap` shows all of it. */
export function CopyField({ text, label, wrap, onCopied }: Omit<CopyButtonProps, 'className'> & { wrap?: boolean }) {
  return (
    <div className={styles.copy} data-wrap={wrap || undefined}>
      {wrap ? (
        <code aria-label={label}>{text}</code>
      ) : (
        <input readOnly value={text} aria-label={label} onFocus={(event) => event.currentTarget.select()} />
      )}
      <CopyButton text={text} label={label} className={styles.copyButton} onCopied={onCopied} />
    </div>
  );
}

/** Name and value in two columns: `<Fields rows={[['Created', <Time ... />]]} />`; null values, and those that are not for this role (false), are left out. */
export function Fields({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={styles.fields}>
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== false)
        .flatMap(([name, value]) => [
          <dt key={`${name}:`}>{name}</dt>,
          <dd key={name}>{value}</dd>,
        ])}
    </dl>
  );
}
