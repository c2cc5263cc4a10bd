// Everything that a person can do by a key, a menu or the omnibox: one table, from which the menus, the shortcut sheet
// and the omnibox are made. Screens attach what an action does while they are shown.
import type { Permission } from './permissions.ts';
import { placeFacts, railPlaces, type Place } from './places.ts';

/** The headings of the sheet, in its order; the first six are the menus. */
export const actionGroups = [
  'File',
  'Edit',
  'View',
  'Go',
  'Window',
  'Help',
  'Lists',
  'Tasks',
  'Queues',
  'Agents',
  'Providers',
  'Plans',
  'Findings',
  'Reviews',
] as const;
export type ActionGroup = (typeof actionGroups)[number];
export const menuGroups = ['File', 'Edit', 'View', 'Go', 'Window', 'Help'] as const satisfies ActionGroup[];

export interface ActionFacts {
  label: string;
  group: ActionGroup;
  /** `mod+k`: Ctrl, or Cmd on macOS. The first is shown; a menu has it as its accelerator. */
  keys?: readonly string[];
  /**
   * Who does it. `main`: the main process. `window`: the window, always. `screen`: the screen that is shown, if it has
   * attached it. `key`: part of a list or a board, explained here and not chosen from anywhere.
   */
  by: 'main' | 'window' | 'screen' | 'key';
  permission?: Permission;
  /** Further words by which the omnibox finds it. */
  words?: string;
  /** In the group's menu; `after a line`: a line stands before it. */
  menu?: true | 'after a line';
}

const goActions = Object.fromEntries(
  railPlaces.map((place, index): [string, ActionFacts] => {
    const { label, permission } = placeFacts(place);
    const keys = index < 9 ? { keys: [`mod+${index + 1}`] } : {};
    return [`go.${place}`, { label, group: 'Go', by: 'window', menu: true, ...keys, ...(permission && { permission }) }];
  }),
) as Record<`go.${Exclude<Place, 'settings'>}`, ActionFacts & { by: 'window' }>;

const table = {
  'window.new': { label: 'New window', group: 'File', keys: ['mod+n'], by: 'main', menu: true },
  'connection.choose': { label: 'Open another connection…', group: 'File', keys: ['mod+shift+n'], by: 'window', menu: true, words: 'switch server workspace window' },
  'connection.add': { label: 'Connect to…', group: 'File', by: 'window', menu: true, words: 'server address new connection' },
  'connection.manage': { label: 'Manage connections', group: 'File', by: 'window', words: 'settings servers rename remove' },
  'task.new': { label: 'New task', group: 'File', keys: ['mod+shift+t'], by: 'window', permission: 'tasks:create', menu: 'after a line', words: 'create give an agent something to do' },
  'schedule.new': { label: 'New schedule', group: 'File', by: 'window', permission: 'tasks:operate', menu: true, words: 'create cron calendar every day nightly' },
  'agent.new': { label: 'New agent', group: 'File', keys: ['mod+shift+a'], by: 'window', permission: 'agents:write', menu: true, words: 'create hosted external program' },
  'provider.new': { label: 'New provider account', group: 'File', by: 'window', permission: 'providers:write', menu: true, words: 'add openai anthropic google local key model' },
  'plan.import': { label: 'Import a plan…', group: 'File', keys: ['mod+o'], by: 'window', permission: 'plans:create', menu: true, words: 'new create markdown json yaml open' },
  'task.import': { label: 'Import tasks…', group: 'File', by: 'window', permission: 'tasks:create', menu: true, words: 'csv ndjson jsonl spreadsheet many bulk upload' },
  'review.new': { label: 'New security review', group: 'File', by: 'window', permission: 'reviews:write', menu: true, words: 'create checklist launch' },
  'workspace.pause': { label: 'Pause everything', group: 'File', by: 'window', permission: 'workspace:operate', menu: 'after a line', words: 'stop all work halt' },
  'workspace.resume': { label: 'Resume everything', group: 'File', by: 'window', permission: 'workspace:operate', menu: true, words: 'go on continue all work' },
  'print': { label: 'Print…', group: 'File', keys: ['mod+p'], by: 'window', menu: 'after a line', words: 'pdf paper report' },
  'window.close': { label: 'Close window', group: 'File', keys: ['mod+w'], by: 'main', menu: 'after a line' },
  'app.quit': { label: 'Quit', group: 'File', keys: ['mod+q'], by: 'main', menu: true, words: 'exit end' },

  'edit.undo': { label: 'Undo', group: 'Edit', keys: ['mod+z'], by: 'window', menu: true, words: 'take back' },
  'link.copy': { label: 'Copy link', group: 'Edit', keys: ['l'], by: 'window', menu: true, words: 'share address of this' },
  'go.settings': { label: 'Settings', group: 'Edit', keys: ['mod+,'], by: 'window', menu: 'after a line', words: 'preferences options' },

  'palette.open': { label: 'Search, go to, or act', group: 'View', keys: ['mod+k'], by: 'window', menu: true },
  'theme.system': { label: 'Theme like the system', group: 'View', by: 'window', menu: 'after a line', words: 'dark light appearance' },
  'theme.light': { label: 'Light theme', group: 'View', by: 'window', menu: true, words: 'appearance white' },
  'theme.dark': { label: 'Dark theme', group: 'View', by: 'window', menu: true, words: 'appearance black' },
  'zoom.in': { label: 'Zoom in', group: 'View', keys: ['mod++', 'mod+='], by: 'main', menu: 'after a line', words: 'larger bigger text' },
  'zoom.out': { label: 'Zoom out', group: 'View', keys: ['mod+-'], by: 'main', menu: true, words: 'smaller text' },
  'zoom.reset': { label: 'Actual size', group: 'View', keys: ['mod+0'], by: 'main', menu: true, words: 'zoom 100% reset' },
  'window.fullscreen': { label: 'Full screen', group: 'View', keys: ['f11'], by: 'main', menu: 'after a line' },

  'go.back': { label: 'Back', group: 'Go', keys: ['alt+left'], by: 'window', menu: true },
  'go.forward': { label: 'Forward', group: 'Go', keys: ['alt+right'], by: 'window', menu: true },
  ...goActions,

  'window.minimise': { label: 'Minimise', group: 'Window', keys: ['mod+m'], by: 'main', menu: true },
  'keys.show': { label: 'Keyboard shortcuts', group: 'Help', keys: ['?'], by: 'window', menu: true, words: 'keys sheet' },
  'tour.start': { label: 'Take the tour', group: 'Help', by: 'window', menu: true, words: 'introduction first steps help' },
  'demo.try': { label: 'Try the demo workspace…', group: 'Help', by: 'window', menu: true, words: 'example sample simulated made-up company' },
  'session.end': { label: 'Sign out', group: 'Help', by: 'window', words: 'log out session account' },
  'app.about': { label: 'About Signalbox', group: 'Help', by: 'main', menu: true, words: 'version' },

  'list.next': { label: 'Next row', group: 'Lists', keys: ['j', 'down'], by: 'key' },
  'list.previous': { label: 'Previous row', group: 'Lists', keys: ['k', 'up'], by: 'key' },
  'list.first': { label: 'First row', group: 'Lists', keys: ['home'], by: 'key' },
  'list.last': { label: 'Last row', group: 'Lists', keys: ['end'], by: 'key' },
  'list.open': { label: 'Open the row', group: 'Lists', keys: ['enter'], by: 'key' },
  'list.choose': { label: 'Choose the row, for what is done to several', group: 'Lists', keys: ['space'], by: 'key' },
  'list.range': { label: 'Choose the next row too', group: 'Lists', keys: ['shift+down'], by: 'key' },
  'list.close': { label: 'Close the details', group: 'Lists', keys: ['escape'], by: 'key' },
  'list.filter': { label: 'Filter the list', group: 'Lists', keys: ['/'], by: 'screen', words: 'search find narrow' },
  'list.columns': { label: 'Choose columns', group: 'Lists', by: 'screen', words: 'show hide order width' },
  'view.save': { label: 'Save this view…', group: 'Lists', by: 'screen', words: 'filter name remember' },

  'task.retry': { label: 'Retry the task', group: 'Tasks', keys: ['r'], by: 'screen', permission: 'tasks:operate', words: 'again' },
  'task.cancel': { label: 'Cancel the task', group: 'Tasks', keys: ['x'], by: 'screen', permission: 'tasks:operate', words: 'stop' },
  'task.approve': { label: 'Approve the gate', group: 'Tasks', by: 'screen', permission: 'tasks:operate' },
  'queue.pause': { label: 'Pause the queue', group: 'Queues', by: 'screen', permission: 'tasks:operate', words: 'drain resume hold' },
  'queue.limit': { label: 'Limit the queue…', group: 'Queues', by: 'screen', permission: 'tasks:operate', words: 'concurrency at once' },
  'schedule.run': { label: 'Run the schedule now', group: 'Queues', by: 'screen', permission: 'tasks:operate' },
  'schedule.pause': { label: 'Pause the schedule', group: 'Queues', by: 'screen', permission: 'tasks:operate', words: 'resume disable enable' },
  'schedule.edit': { label: 'Edit the schedule', group: 'Queues', by: 'screen', permission: 'tasks:operate' },
  'schedule.delete': { label: 'Delete the schedule…', group: 'Queues', by: 'screen', permission: 'tasks:operate', words: 'remove' },
  'agent.pause': { label: 'Pause the agent', group: 'Agents', by: 'screen', permission: 'agents:operate' },
  'agent.edit': { label: 'Edit the agent', group: 'Agents', by: 'screen', permission: 'agents:write' },
  'agent.retire': { label: 'Retire the agent', group: 'Agents', by: 'screen', permission: 'agents:write' },
  'provider.test': { label: 'Test the account', group: 'Providers', by: 'screen', permission: 'providers:write', words: 'provider key models answer' },
  'provider.edit': { label: 'Edit the account', group: 'Providers', by: 'screen', permission: 'providers:write', words: 'provider key rotate' },
  'provider.remove': { label: 'Remove the account', group: 'Providers', by: 'screen', permission: 'providers:write' },
  'plan.start': { label: 'Start the plan', group: 'Plans', by: 'screen', permission: 'plans:operate', words: 'resume' },
  'plan.pause': { label: 'Pause the plan', group: 'Plans', by: 'screen', permission: 'plans:operate' },
  'plan.report': { label: 'Show the plan’s report', group: 'Plans', by: 'screen' },
  'plan.cancel': { label: 'Cancel the plan', group: 'Plans', by: 'screen', permission: 'plans:operate' },
  'finding.acknowledge': { label: 'Acknowledge the finding', group: 'Findings', keys: ['a'], by: 'screen', permission: 'tasks:operate' },

  'review.pass': { label: 'Pass the item', group: 'Reviews', keys: ['p'], by: 'key' },
  'review.fail': { label: 'Fail the item', group: 'Reviews', keys: ['f'], by: 'key' },
  'review.inapplicable': { label: 'The item is not applicable', group: 'Reviews', keys: ['n'], by: 'key' },
  'review.waive': { label: 'Waive the item', group: 'Reviews', keys: ['w'], by: 'key' },
  'review.next': { label: 'Next and previous open item', group: 'Reviews', keys: ['j', 'k'], by: 'key' },
  'review.note': { label: 'Write the item’s note', group: 'Reviews', keys: ['enter'], by: 'key', words: 'comment why' },
  'review.take': { label: 'Take the item, or give it back', group: 'Reviews', keys: ['a'], by: 'key', words: 'assign to me mine' },
  'review.mine': { label: 'Mine and open', group: 'Reviews', keys: ['m'], by: 'key' },
  'review.undo': { label: 'Take the last verdict back', group: 'Reviews', keys: ['u'], by: 'key' },
  'review.choose': { label: 'Of two decisions: theirs, yours, or both', group: 'Reviews', keys: ['t', 'y', 'b'], by: 'key', words: 'conflict keep use' },
} as const satisfies Record<string, ActionFacts>;

export type ActionId = keyof typeof table;
export const actions: Readonly<Record<ActionId, ActionFacts>> = table;
export const actionIds = Object.keys(table) as ActionId[];

export type MainAction = { [Id in ActionId]: (typeof table)[Id] extends { by: 'main' } ? Id : never }[ActionId];
export const mainActions = actionIds.filter((id): id is MainAction => actions[id].by === 'main');

export const isMainAction = (id: ActionId): id is MainAction => actions[id].by === 'main';
