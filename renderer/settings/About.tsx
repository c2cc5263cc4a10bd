// Which Signalbox this is.
import { useStatus } from '../app/status.tsx';
import { Panel } from '../components/layout.tsx';
import { Fields } from '../components/output.tsx';

export function About() {
  const { status } = useStatus();
  return (
    <Panel title="Signalbox">
      <Fields rows={[['Version', status.version], ['Platform', status.platform]]} />
    </Panel>
  );
}
