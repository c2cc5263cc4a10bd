// Audit: what other nouns and the command line may use.
export { auditHandlers } from './handlers.ts';
export { verifyAudit, type AuditVerdict } from './verify.ts';
