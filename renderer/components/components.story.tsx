// The parts that every screen is made of, on sheets.
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { AppError, toProblem } from '../../shared/errors.ts';
import { defineStories } from '../stories/story.ts';
import { NOW, tasks } from '../stories/fixtures.ts';
import { ConfirmDialog } from './ConfirmDialog.tsx';
import { EmptyState, PageHeader, Panel, Segments, Tabs } from './layout.tsx';
import { CodeBlock, CopyField, Fields, JsonView, Markdown } from './output.tsx';
import { Note, ProblemNotice } from './ProblemNotice.tsx';
import { ProgressBar } from './ProgressBar.tsx';
import { stateWords, type ShownState } from './state.ts';
import { StateBadge, StateShape } from './StateBadge.tsx';
import { AgentMark, Chip, Duration, Elapsed, Id, Kbd, Money, SimulatedTag, Time } from './values.tsx';

const column = { display: 'grid', gap: 14, maxWidth: 760 } as const;
const ago = (seconds: number): string => new Date(NOW - seconds * 1_000).toISOString();
const problem = toProblem(
  new AppError('validation_failed', 'Two fields cannot be taken as they are.', {
    details: { fields: [{ path: 'title', message: 'Write something here.' }, { path: 'priority', message: 'Use 0 to 9.' }] },
  }),
);
const text = `## Result\n\nTwo of **14** limits differ, see \`control/limits.c\`.\n\n- wrist yaw is above the safety case\n- wrist roll is within 4%\n\n| joint | firmware | safety case |\n| --- | --- | --- |\n| yaw | 4.1 Nm | 3.8 Nm |\n\n[A link that leads out](https://example.com)\n\n\`\`\`\nlimit_yaw = 4.1\n\`\`\`\n`;

export const stories = defineStories('components', {
  states: {
    render: () => (
      <div style={{ ...column, gridTemplateColumns: 'repeat(3, max-content)', gap: '10px 40px' }}>
        {(Object.keys(stateWords) as ShownState[]).map((state) => (
          <StateBadge key={state} state={state} />
        ))}
        <StateShape state="running" size={24} label="Running" />
        <StateShape state="retrying" size={24} label="Retrying" />
        <StateShape state="handed_off" size={24} label="Handed off" />
      </div>
    ),
  },
  values: {
    render: () => (
      <Panel title="Values">
        <Fields
          rows={[
            ['Time', <Time key="1" value={ago(312)} />],
            ['Never', <Time key="2" value={null} />],
            ['Duration', <Duration key="3" seconds={4_265} />],
            ['Elapsed', <Elapsed key="4" since={ago(492)} limitSeconds={900} />],
            ['Near its limit', <Elapsed key="5" since={ago(870)} limitSeconds={900} />],
            ['Money', <Money key="6" usd="0.0031" />],
            ['Key', <Kbd key="7">Ctrl K</Kbd>],
            ['Id', <Id key="8" id={tasks[0]?.id ?? ''} />],
            ['Agent', <AgentMark key="9" name="firmware-reviewer" />],
            ['Simulated', <AgentMark key="10" name="docs-writer" simulated />],
            ['Tag', <SimulatedTag key="11" />],
            ['Chip', <Chip key="12">floor 3 · 15 min each</Chip>],
          ]}
        />
      </Panel>
    ),
  },
  layout: {
    render: () => (
      <div style={column}>
        <PageHeader
          title="Tasks"
          aside={<Segments
              label="View"
              value="all"
              onChange={() => undefined}
              options={[
                { value: 'all', label: 'All' },
                { value: 'attention', label: 'Needs attention' },
                { value: 'mine', label: 'Mine' },
              ]}
            />}
          actions={
            <>
              <Button>Export</Button>
              <Button disabled>Disabled</Button>
              <Button variant="filled">New task</Button>
            </>
          }
        />
        <Panel title="Progress" aside="7 of 12">
          <ProgressBar
            label="Progress of the plan"
            total={12}
            parts={[
              { state: 'succeeded', value: 7 },
              { state: 'running', value: 2 },
              { state: 'failed', value: 1 },
            ]}
          />
          <Tabs
            name="demo"
            value="attempts"
            onChange={() => undefined}
            tabs={[{ id: 'attempts', label: 'Attempts' }, { id: 'input', label: 'Input' }, { id: 'findings', label: 'Findings', count: 2 }]}
          />
          <div role="tabpanel" id="demo-panel">The panel of the tab.</div>
        </Panel>
        <Panel>
          <EmptyState title="No tasks yet" actions={<Button variant="filled">New task</Button>}>
            A task is one thing for one agent to do. Give the first one its title and instructions.
          </EmptyState>
        </Panel>
      </div>
    ),
  },
  output: {
    render: () => (
      <div style={column}>
        <Panel title="Markdown">
          <Markdown text={text} />
        </Panel>
        <CodeBlock>{'provider error 429\nretry-after: 60'}</CodeBlock>
        <JsonView value={{ seed: 1, failureRate: 0.08 }} />
        <CopyField label="Command" text="npm run signalbox -- agent --exec ./worker.sh --key sbx_…" />
      </div>
    ),
  },
  problems: {
    render: () => (
      <div style={column}>
        <ProblemNotice error={problem} kept="What you wrote is still here." onRetry={() => undefined} />
        <ProblemNotice error={toProblem(new AppError('unavailable', 'The backend does not answer.'))} />
        <ProblemNotice error={new Error('anything')} />
        <Note tone="warning">This computer has no keychain, so nothing is kept of your session.</Note>
        <Note>A quiet note.</Note>
      </div>
    ),
  },
  confirm: {
    render: () => (
      <ConfirmDialog
        opened
        danger
        title="Cancel 3 tasks?"
        confirm="Cancel 3 tasks"
        dismiss="Keep them"
        onConfirm={() => undefined}
        onClose={() => undefined}
      >
        Agents that run them are told at their next heartbeat. Output reported so far is kept.
      </ConfirmDialog>
    ),
  },
  'notice beside a dialog': { render: () => <NoticeBesideDialog /> },
});

/** What was undone a moment ago, while a tall dialog with its buttons at the right is open. */
function NoticeBesideDialog() {
  useEffect(() => {
    const id = notifications.show({ message: 'The queue firmware is open again.', color: 'var(--ok)', withBorder: true, autoClose: false });
    return () => void notifications.hide(id);
  }, []);
  return (
    <ConfirmDialog opened title="Delete 12,000 tasks?" confirm="Delete 12,000 tasks" dismiss="Keep them" onConfirm={() => undefined} onClose={() => undefined}>
      {Array.from({ length: 26 }, (_, index) => (
        <p key={index}>Reconcile statement {index + 1} of the account in stage B</p>
      ))}
    </ConfirmDialog>
  );
}
