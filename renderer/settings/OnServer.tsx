// What a section that is about this computer says in a window that shows a server.
import { Panel } from '../components/layout.tsx';
import styles from './settings.module.css';

export function OnServer() {
  return (
    <Panel title="On a server">
      <p className={styles.text}>
        This window shows a server. Its data lies there and is backed up by whoever runs it. For the workspaces of this
        computer, open a window of “This computer”.
      </p>
    </Panel>
  );
}
