// Providers: what other nouns may use.
export { ProviderDialog } from './ProviderDialog.tsx';
export { ProvidersScreen } from './ProvidersScreen.tsx';
