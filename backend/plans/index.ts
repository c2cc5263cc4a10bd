// Plans: what the composition roots may use.
export { planHandlers } from './handlers.ts';
export { settlePlans } from './settle.ts';
