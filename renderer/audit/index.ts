// Audit: what other rooms may use.
export { AuditScreen } from './AuditScreen.tsx';
