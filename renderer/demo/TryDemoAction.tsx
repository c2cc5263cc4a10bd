// The way into the demo from inside a workspace: asked first, as it signs out here.
import { useState } from 'react';
import { useMe } from '../app/me.tsx';
import { forgetPlace, useRouteStore } from '../app/routes.ts';
import { useStatus } from '../app/status.tsx';
import { useAction } from '../components/actions.tsx';
import { useBridge } from '../components/bridge.tsx';
import { ConfirmDialog } from '../components/ConfirmDialog.tsx';
import { notifyProblem } from '../components/notify.ts';

export function TryDemoAction() {
  const bridge = useBridge();
  const routes = useRouteStore();
  const { organization, user } = useMe();
  const { demo } = useStatus().status;
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const reason = organization.demo === true ? 'This is the demo.' : demo?.offered === true ? null : 'The demo is on “This computer”: open that connection first.';
  useAction('demo.try', () => routes.getState().leave(() => setAsking(true)), { reason });
  const enter = async (): Promise<void> => {
    setBusy(true);
    const out = await bridge.request('session:logout');
    if (!out.ok) return notifyProblem(out.problem);
    forgetPlace();
    // This is gone from the screen by now; what goes wrong is said by a notice.
    const answer = await bridge.request('demo:start');
    if (!answer.ok) notifyProblem(answer.problem);
  };
  return (
    <ConfirmDialog
      opened={asking}
      title="Try the demo workspace"
      confirm="Sign out and open the demo"
      dismiss="Stay here"
      busy={busy}
      onConfirm={() => void enter().catch(notifyProblem).finally(() => setBusy(false))}
      onClose={() => setAsking(false)}
    >
      <p>
        The demo is a workspace of its own: a made-up company at work, with simulated agents. {organization.name} is not touched,
        and its work goes on.
      </p>
      <p className="dim">You are signed out here. To come back, leave the demo and sign in as {user.email} again.</p>
    </ConfirmDialog>
  );
}
