// The channels' names for the preload, which must stay small: shared/ipc.ts would bring all of zod along.
// The types make both lists agree with shared/ipc.ts, or neither compiles.
import type { LIVE_PORT, NoticeChannel, RequestChannel } from '../../shared/ipc.ts';

const requestNames: Record<RequestChannel, true> = {
  'rpc': true,
  'app:start': true,
  'app:shown': true,
  'app:status': true,
  'session:register': true,
  'session:login': true,
  'session:logout': true,
  'backend:restart': true,
  'backend:way-out': true,
  'backend:give-key': true,
  'plan:pick': true,
  'plan:save-report': true,
  'audit:export': true,
  'table:save': true,
  'clipboard:write': true,
  'outside:open': true,
  'preferences:get': true,
  'preferences:set': true,
  'shown:keep': true,
  'drafts:take': true,
  'drafts:keep': true,
  'key:shown': true,
  'app:act': true,
  'connections:list': true,
  'connections:add': true,
  'connections:rename': true,
  'connections:remove': true,
  'connections:open': true,
  'notifications:test': true,
  'live:open': true,
  'app:about': true,
  'data:info': true,
  'data:show': true,
  'backup:make': true,
  'backup:pick': true,
  'backup:inspect': true,
  'backup:restore': true,
  'diagnostics:collect': true,
  'diagnostics:save': true,
  'demo:start': true,
  'demo:trickle': true,
  'demo:leave': true,
};

const noticeNames: Record<NoticeChannel, true> = {
  'app:status': true,
  'menu:action': true,
  'menu:go': true,
  'connections': true,
  'preferences': true,
  'drafts:left': true,
  'backup:progress': true,
};

export const livePortName: typeof LIVE_PORT = 'signalbox:live-port';

export const requestChannels = Object.keys(requestNames) as RequestChannel[];

/** Whether a window may make this request. */
export function isRequestChannel(name: unknown): name is RequestChannel {
  return typeof name === 'string' && Object.hasOwn(requestNames, name);
}

/** Whether a window may listen to this notice. */
export function isNoticeChannel(name: unknown): name is NoticeChannel {
  return typeof name === 'string' && Object.hasOwn(noticeNames, name);
}
