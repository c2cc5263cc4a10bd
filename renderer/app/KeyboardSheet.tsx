// Every key of the console on one sheet.
import { Modal } from '@mantine/core';
import { Kbd } from '../components/values.tsx';
import styles from './KeyboardSheet.module.css';

const keys: readonly (readonly [string, readonly string[]])[] = [
  ['Search, go to, or act', ['Ctrl K']],
  ['Overview, Agents, Tasks, Plans, Findings', ['Ctrl 1', '…', 'Ctrl 5']],
  ['Settings', ['Ctrl ,']],
  ['Back and forward', ['Alt ←', 'Alt →']],
  ['Next and previous row', ['J', 'K']],
  ['First and last row', ['Home', 'End']],
  ['Open the row', ['Enter']],
  ['Close the details', ['Esc']],
  ['Filter the list', ['/']],
  ['Retry or cancel the open task', ['R', 'X']],
  ['Acknowledge the open finding', ['A']],
  ['This sheet', ['?']],
];

export function KeyboardSheet({ opened, onClose }: { opened: boolean; onClose(): void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard" size={460} closeButtonProps={{ 'aria-label': 'Close' }}>
      <dl className={styles.keys}>
        {keys.map(([words, caps]) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>{caps.map((cap) => (cap === '…' ? ' … ' : <Kbd key={cap}>{cap}</Kbd>))}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
