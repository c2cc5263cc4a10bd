// Connections: the switcher of the title bar, the dialog that adds a server, and the section of the settings.
export { ConnectDialog } from './ConnectDialog.tsx';
export { ConnectionsSection } from './ConnectionsSection.tsx';
export { Swatch } from './Swatch.tsx';
export { Switcher } from './Switcher.tsx';
export { useConnections } from './useConnections.ts';
