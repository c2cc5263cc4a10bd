// Who is signed in, and what their role lets them do; read from the one table of permissions.
import { Button, Tooltip, type ButtonProps } from '@mantine/core';
import { createContext, useContext, type MouseEventHandler, type ReactNode, type Ref } from 'react';
import type { Me } from '../../shared/identity.ts';
import { useLive } from '../live/freshness.ts';
import { may, permissionTable, type Permission } from '../../shared/permissions.ts';

const MeContext = createContext<Me | null>(null);
export const MeProvider = MeContext.Provider;

export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe needs a MeProvider above it.');
  return me;
}

export interface May {
  allowed: boolean;
  /** Why not, for the tooltip of a disabled button; null when allowed. */
  reason: string | null;
}

/** `const operate = useMay('tasks:operate')`. */
export function useMay(permission: Permission): May {
  const { role } = useMe().organization;
  const connecting = useLive((state) => state.asOf !== null);
  const may = mayAs(role, permission);
  // What was shown last may not hold any more: nothing is done on it.
  return may.allowed && connecting ? { allowed: false, reason: 'Signalbox is still connecting.' } : may;
}

export function mayAs(role: Me['organization']['role'], permission: Permission): May {
  if (may(role, permission)) return { allowed: true, reason: null };
  const carriers: readonly string[] = permissionTable[permission];
  const names = carriers.length === 1 ? carriers[0] : `${carriers.slice(0, -1).join(', ')} or ${carriers.at(-1)}`;
  return { allowed: false, reason: `Your role here is ${role}. This needs ${names}.` };
}

interface MayButtonProps extends ButtonProps {
  permission: Permission;
  /** Another reason why it cannot be done now; shown like the missing permission. */
  reason?: string | null;
  onClick?: MouseEventHandler<HTMLButtonElement>;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
  autoFocus?: boolean;
  type?: 'button' | 'submit';
}

/** A button that knows its permission. Not allowed: disabled, still reachable, and saying why. */
export function MayButton({ permission, reason, onClick, children, ...rest }: MayButtonProps) {
  const mayDo = useMay(permission);
  const why = mayDo.reason ?? reason ?? null;
  const button = (
    <Button
      {...rest}
      data-writes
      aria-disabled={why !== null || undefined}
      data-disabled={why !== null || undefined}
      onClick={why === null ? onClick : (event) => event.preventDefault()}
    >
      {children}
    </Button>
  );
  return why === null ? button : <Tooltip label={why} events={{ hover: true, focus: true, touch: true }}>{button}</Tooltip>;
}
