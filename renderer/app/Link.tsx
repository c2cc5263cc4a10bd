// A link to a place inside the window.
import type { AnchorHTMLAttributes } from 'react';
import { formatRoute, useGo, type Target } from './routes.ts';

type Anchor = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'>;

/** `<Link to={{ place: 'tasks', id }}>`; a real anchor, so that it has the role and takes the focus. */
export function Link({ to, onClick, children, ...rest }: Anchor & { to: Target }) {
  const go = useGo();
  return (
    <a
      {...rest}
      href={`#${formatRoute(to)}`}
      onClick={(event) => {
        event.preventDefault();
        onClick?.(event);
        go(to);
      }}
    >
      {children}
    </a>
  );
}
