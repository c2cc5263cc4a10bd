// Where agents and scripts reach this backend.
import { useStatus } from '../app/status.tsx';
import { Panel } from '../components/layout.tsx';
import { CopyField } from '../components/output.tsx';
import styles from './settings.module.css';

export function Programs() {
  const { backend } = useStatus().status;
  return (
    <Panel title="Address of the API">
      <p className={styles.text}>Agents and scripts reach this backend here, with an API key. It runs while Signalbox is open.</p>
      {backend.state === 'ready' ? (
        <CopyField text={backend.url} label="Address of the API" />
      ) : (
        <p className={styles.text}>The backend is not ready.</p>
      )}
    </Panel>
  );
}
