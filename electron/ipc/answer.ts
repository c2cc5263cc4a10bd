// Decides what a request of a window gets: who asks and with what is checked before any handler runs.
import type { z } from 'zod';
import { AppError, asAppError, toProblem, type Problem } from '../../shared/errors.ts';
import { requests, type RequestChannel, type RequestResults } from '../../shared/ipc.ts';

export type RequestArgument<C extends RequestChannel> = z.output<(typeof requests)[C]>;

/** One handler for each channel; a missing one does not compile. `Window` is who asked. */
export type Handlers<Window> = {
  [C in RequestChannel]: (
    argument: RequestArgument<C>,
    window: Window,
  ) => RequestResults[C] | Promise<RequestResults[C]>;
};

/** The channels whose answer can be a problem; the others reject. */
type ProblemChannel = {
  [C in RequestChannel]: Extract<RequestResults[C], { problem: Problem }> extends never ? never : C;
}[RequestChannel];

const answersProblems: Record<ProblemChannel, true> = {
  'rpc': true,
  'session:register': true,
  'session:login': true,
  'session:logout': true,
  'backend:way-out': true,
  'backend:give-key': true,
  'plan:pick': true,
  'plan:save-report': true,
  'audit:export': true,
  'table:save': true,
  'data:info': true,
  'backup:make': true,
  'backup:pick': true,
  'backup:inspect': true,
  'backup:restore': true,
  'diagnostics:collect': true,
  'diagnostics:save': true,
  'demo:start': true,
  'demo:trickle': true,
  'demo:leave': true,
  'connections:add': true,
};

export interface AnswerParts<Window> {
  handlers: Handlers<Window>;
  /** Notes a cause that the window must not see. */
  report(channel: RequestChannel, cause: unknown): void;
}

/** Answers a request of a trusted window. */
export async function answerRequest<Window>(
  { handlers, report }: AnswerParts<Window>,
  channel: RequestChannel,
  call: { argument: unknown; window: Window },
): Promise<unknown> {
  let error: AppError;
  try {
    const argument = checkArgument(channel, call.argument);
    return await handlers[channel](argument as never, call.window);
  } catch (cause) {
    error = asAppError(cause);
    if (error.code === 'internal') report(channel, cause);
  }
  if (Object.hasOwn(answersProblems, channel)) return { ok: false, problem: toProblem(error) };
  // A new error, without the cause: nothing of it may cross to the window.
  throw new Error(error.message);
}

function checkArgument(channel: RequestChannel, argument: unknown): unknown {
  const read = requests[channel].safeParse(argument);
  if (!read.success) {
    throw new AppError('validation_failed', 'Some fields need another value.', {
      details: {
        fields: read.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
      },
    });
  }
  return withoutUnsent(read.data, argument);
}

/** A schema's defaults fill what was not sent; in a patch of the preferences that would reset them. */
function withoutUnsent(read: unknown, sent: unknown): unknown {
  if (typeof read !== 'object' || read === null || typeof sent !== 'object' || sent === null) return read;
  return Object.fromEntries(Object.entries(read).filter(([name]) => Object.hasOwn(sent, name)));
}
