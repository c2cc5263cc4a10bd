// Connects an external agent: a key, the command to copy, and the first heartbeat as it comes.
import { useState, type ReactNode } from 'react';
import type { Agent } from '../../shared/agent.ts';
import { MayButton } from '../app/me.tsx';
import { useNewKey } from '../app/newKey.ts';
import { KeyOnce, OnceDialog, useCopied, useMaking } from '../app/OnceDialog.tsx';
import { useStatus } from '../app/status.tsx';
import { Segments } from '../components/layout.tsx';
import { CodeBlock, CopyButton } from '../components/output.tsx';
import { Note, ProblemNotice } from '../components/ProblemNotice.tsx';
import { claimCommand, KEY_PLACEHOLDER, loopCommand } from './command.ts';
import styles from './agents.module.css';

export function ConnectDialog({ agent, opened, onClose }: { agent: Agent; opened: boolean; onClose(): void }) {
  return (
    <OnceDialog opened={opened} onClose={onClose} title={`Connect ${agent.name}`} size={700}>
      <Steps agent={agent} />
    </OnceDialog>
  );
}

/** A name has 80 characters at the most. */
const keyName = ({ name }: Agent): string => `${name.slice(0, 72)} (agent)`;

const commands = [
  { value: 'loop', label: 'A loop that works' },
  { value: 'claim', label: 'One claim' },
];

function Steps({ agent }: { agent: Agent }) {
  const { backend } = useStatus().status;
  const create = useNewKey();
  useMaking(create.isPending);
  const copied = useCopied();
  const [command, setCommand] = useState('loop');
  const key = create.data?.key ?? null;
  const url = backend.state === 'ready' ? backend.url : null;
  const text = url === null ? '' : (command === 'loop' ? loopCommand : claimCommand)(url, key ?? KEY_PLACEHOLDER);
  return (
    <ol className={styles.steps}>
      <Step number={1} title="Create a key" done={key !== null}>
        {key === null ? (
          <>
            <p className="dim">With it one program works as {agent.name}, and can do nothing else here. It is shown once.</p>
            <MayButton
              permission="keys:manage"
              variant="filled"
              data-autofocus
              loading={create.isPending}
              onClick={() => create.mutate({ name: keyName(agent), scopes: ['agent'], agentId: agent.id })}
            >
              Create key
            </MayButton>
          </>
        ) : (
          <KeyOnce text={key} />
        )}
        {create.error && <ProblemNotice error={create.error} />}
      </Step>
      <Step number={2} title="Run this where the program is" done={agent.presence !== 'offline'}>
        {url !== null ? (
          <>
            <div className={styles.commandBar}>
              <Segments label="Command" options={commands} value={command} onChange={setCommand} />
              <span className="grow" />
              <CopyButton text={text} label="command" onCopied={key === null ? undefined : copied} />
            </div>
            <CodeBlock maxHeight={214} label="Command">{text}</CodeBlock>
            {command === 'loop' ? (
              <Note tone="warning">
                It asks for work, prints each task, and completes it at once with a fixed line, until you stop it with Ctrl C. Put
                your own work in the place of the line that sets <code className="mono">output</code>.
              </Note>
            ) : (
              <p className="dim">
                It waits up to 20 s for a task, takes it and prints it with its lease. Nothing printed: there was no task. One that is
                taken and not completed goes back to the queue when its lease ends.
              </p>
            )}
            <p className="faint small">For any POSIX shell with curl: Linux, macOS, WSL, Git Bash. The address reaches this computer alone.</p>
          </>
        ) : (
          <p className="dim">The backend is not ready; the command comes with its address.</p>
        )}
      </Step>
      <Step number={3} title="First heartbeat" done={agent.presence !== 'offline'}>
        <Heartbeat agent={agent} />
      </Step>
    </ol>
  );
}

/** Turns green with the event that the agent was heard. */
function Heartbeat({ agent }: { agent: Agent }) {
  const heard = agent.presence !== 'offline';
  return (
    <div className={styles.heartbeat} data-heard={heard || undefined} role="status">
      <i aria-hidden />
      {heard
        ? `${agent.name} is connected${agent.presence === 'busy' ? ' and works' : ''}. You can close this.`
        : agent.lastSeenAt
          ? 'Not heard at present. Waiting for its next heartbeat…'
          : 'Waiting for its first heartbeat…'}
    </div>
  );
}

function Step({ number, title, done, children }: { number: number; title: string; done: boolean; children: ReactNode }) {
  return (
    <li className={styles.step} data-done={done || undefined}>
      <span className={styles.stepNumber} aria-hidden>{done ? '✓' : number}</span>
      <div className={styles.stepBody}>
        <h2>{title}</h2>
        {children}
      </div>
    </li>
  );
}
