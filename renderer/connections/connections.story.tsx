// Connections: adding a server with what can be wrong, and the list of them in the settings.
import { AppError, toProblem } from '../../shared/errors.ts';
import { defineStories } from '../stories/story.ts';
import { ConnectDialog } from './ConnectDialog.tsx';

const dialog = () => <ConnectDialog opened onClose={() => undefined} />;
const refused = (message: string) => ({
  ok: false,
  problem: toProblem(new AppError('validation_failed', message, { details: { fields: [{ path: 'address', message }] } })),
});

export const stories = defineStories('connections', {
  add: { render: dialog },
  refused: {
    render: dialog,
    connect: () => refused('The certificate of signalbox.example.com is not one that this computer trusts. Ask who runs the server for one of a known authority.'),
  },
  list: { path: '/settings/connections' },
  one: { path: '/settings/connections', connections: [] },
});
