// Joins the nouns' handlers under the one table of operations, and names the type of the tRPC router.
import type { Operations } from '../shared/operations.ts';
import type { AllHandlers } from './platform/doors/handlers.ts';
import type { RouterOf } from './platform/doors/trpc.ts';

/** The type that the console's client is made from. */
export type AppRouter = RouterOf<Operations>;

/** A handler for every operation; a missing one does not compile. */
export type AppHandlers = AllHandlers<Operations>;
