// Which component and icon each section of the settings has: one file each.
import {
  IconArchive,
  IconBell,
  IconBuilding,
  IconDatabase,
  IconDoorExit,
  IconInfoCircle,
  IconPalette,
  IconPlugConnected,
  IconServer,
  IconStethoscope,
  IconUser,
  type Icon,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { About } from './About.tsx';
import { Account } from './Account.tsx';
import { ConnectionsSection } from '../connections/index.ts';
import { Appearance } from './Appearance.tsx';
import { Backup } from './Backup.tsx';
import { Closing } from './Closing.tsx';
import { Data } from './Data.tsx';
import { Diagnostics } from './Diagnostics.tsx';
import { Notifications } from './Notifications.tsx';
import { Programs } from './Programs.tsx';
import type { SectionId } from './sectionList.ts';
import { WorkspaceSection } from './WorkspaceSection.tsx';

export const sections: Record<SectionId, { icon: Icon; Section: ComponentType }> = {
  appearance: { icon: IconPalette, Section: Appearance },
  connections: { icon: IconServer, Section: ConnectionsSection },
  notifications: { icon: IconBell, Section: Notifications },
  closing: { icon: IconDoorExit, Section: Closing },
  account: { icon: IconUser, Section: Account },
  workspace: { icon: IconBuilding, Section: WorkspaceSection },
  data: { icon: IconDatabase, Section: Data },
  backup: { icon: IconArchive, Section: Backup },
  diagnostics: { icon: IconStethoscope, Section: Diagnostics },
  programs: { icon: IconPlugConnected, Section: Programs },
  about: { icon: IconInfoCircle, Section: About },
};
