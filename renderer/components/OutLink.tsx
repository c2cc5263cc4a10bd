// Links that lead out of the console: they show where to and open in the system's browser, by main.
import { Tooltip } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { Fragment, type MouseEvent, type ReactNode } from 'react';
import { addressesIn, splitAddresses } from '../../shared/outside.ts';
import { useBridge } from './bridge.tsx';
import { notifyOutcome } from './notify.ts';
import styles from './parts.module.css';

const tipEvents = { hover: true, focus: true, touch: true };

interface OutLinkProps {
  /** As `readOutside` answers it. The window itself never goes there. */
  address: string;
  /** Says the host behind words that are not the address; on paper the whole address. */
  sayHost?: boolean;
  children: ReactNode;
}
export function OutLink({ address, sayHost = false, children }: OutLinkProps) {
  const bridge = useBridge();
  const open = (event: MouseEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    bridge.request('outside:open', { address }).catch(() => notifyOutcome('The browser did not open', `Copy the address instead: ${address}`));
  };
  return (
    <Tooltip label={<span className={styles.address}>{address}</span>} multiline maw={420} events={tipEvents}>
      <a
        className={styles.outLink}
        href={address}
        rel="noreferrer"
        data-says-host={sayHost || undefined}
        draggable={false}
        onClick={open}
        onAuxClick={(event) => {
          if (event.button === 1) open(event);
        }}
      >
        {children}
        {sayHost && <span className={styles.outHost} data-host> ({new URL(address).host})</span>}
        <IconExternalLink size={12} role="img" aria-label="Opens in the browser" className={styles.outMark} />
      </a>
    </Tooltip>
  );
}

/** A plain text in which the addresses can be followed; nothing else in it means anything. */
export function LinkedText({ children }: { children: string }) {
  return splitAddresses(children).map(({ text, address }, index) =>
    address === undefined ? <Fragment key={index}>{text}</Fragment> : <OutLink key={index} address={address}>{text}</OutLink>,
  );
}

/** The addresses of a text that stands in a field, where nothing can be followed; nothing where there are none. */
export function LinksOf({ text, label }: { text: string; label: string }) {
  const links = addressesIn(text);
  if (links.length === 0) return null;
  return (
    <ul className={styles.linksOf} aria-label={label}>
      {links.map(({ text: shown, address }) => (
        <li key={address}><OutLink address={address}><span className="ellipsis" data-whole>{shown}</span></OutLink></li>
      ))}
    </ul>
  );
}
