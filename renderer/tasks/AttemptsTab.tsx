// The attempts of a task: bars over time, and of the one that is chosen what it took and how it ended.
import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { Attempt, TaskSummary } from '../../shared/task.ts';
import { Link } from '../app/Link.tsx';
import { formatCount, formatDuration, formatMoney } from '../components/format.ts';
import { useNow } from '../components/now.tsx';
import { CodeBlock, Fields } from '../components/output.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import { AgentMark, Time } from '../components/values.tsx';
import { outcomeState, outcomeWords } from '../components/outcome.ts';
import { attemptSeconds, barsOf, barWord, type Bar } from './attempts.ts';
import styles from './tasks.module.css';

/** The newest; a task may have had a hundred. */
const SHOWN = 12;

export function AttemptsTab({ task, attempts }: { task: TaskSummary; attempts: Attempt[] }) {
  const runs = attempts.some((attempt) => attempt.finishedAt === null);
  const now = useNow(runs ? 1_000 : null);
  const [chosen, setChosen] = useState<number | null>(null);
  const [all, setAll] = useState(false);
  if (attempts.length === 0) {
    return <p className="dim">No attempt yet. Each one will stand here with its time, its cost and how it ended.</p>;
  }
  const shown = all ? attempts : attempts.slice(-SHOWN);
  const next = task.state === 'queued' && task.runAt !== null && Date.parse(task.runAt) > now ? Date.parse(task.runAt) : null;
  const { bars } = barsOf(shown, now, next);
  const current = shown.find((attempt) => attempt.number === chosen) ?? shown.at(-1);
  return (
    <>
      {shown.length < attempts.length && (
        <UnstyledButton className={styles.quietButton} onClick={() => setAll(true)}>
          Show all {attempts.length} attempts
        </UnstyledButton>
      )}
      <div className={styles.bars} role="group" aria-label="Attempts over time">
        {shown.map((attempt, index) => (
          <AttemptBar
            key={attempt.number}
            attempt={attempt}
            bar={bars[index] as Bar}
            seconds={attemptSeconds(attempt, now)}
            chosen={attempt === current}
            onChoose={() => setChosen(attempt.number)}
          />
        ))}
      </div>
      {current && <AttemptFacts attempt={current} seconds={attemptSeconds(current, now)} />}
    </>
  );
}

interface AttemptBarProps {
  attempt: Attempt;
  bar: Bar;
  seconds: number;
  chosen: boolean;
  onChoose(): void;
}
function AttemptBar({ attempt, bar, seconds, chosen, onChoose }: AttemptBarProps) {
  const word = barWord(attempt);
  // A word that does not fit its bar stands beside it, on the side that has the room.
  const outside = bar.width < word.length * 2.2 + 5;
  const right = bar.left + bar.width;
  return (
    <UnstyledButton
      className={styles.bar}
      aria-pressed={chosen}
      onClick={onChoose}
    >
      <span className={styles.barNumber}>#{attempt.number}</span>
      <span className="hidden-visually">{outcomeWords[attempt.outcome]}, {formatDuration(seconds)}.</span>
      <span className={styles.track}>
        <i data-state={outcomeState(attempt.outcome)} style={{ left: `${bar.left}%`, width: `${bar.width}%` }}>
          {!outside && word}
        </i>
        {outside && word && (
          <em style={right < 60 ? { left: `calc(${right}% + 6px)` } : { right: `calc(${100 - bar.left}% + 6px)` }}>{word}</em>
        )}
      </span>
    </UnstyledButton>
  );
}

/** What it cost; of a model without a price nobody knows, and one can be set. */
function Cost({ attempt }: { attempt: Attempt }) {
  if (!attempt.unpriced || attempt.model === null) return <span className="figures">{formatMoney(attempt.costUsd)}</span>;
  return (
    <span>
      no price · <Link to={{ place: 'providers', search: { view: 'prices', price: attempt.model } }} className={styles.strongLink}>Add a price</Link>
    </span>
  );
}

function AttemptFacts({ attempt, seconds }: { attempt: Attempt; seconds: number }) {
  return (
    <>
      <Fields
        rows={[
          ['Outcome', <StateBadge key="outcome" state={outcomeState(attempt.outcome)}>{outcomeWords[attempt.outcome]}</StateBadge>],
          ['Agent', <AgentMark key="agent" name={attempt.agentName} />],
          ['Started', <Time key="started" value={attempt.startedAt} past />],
          ['Duration', <span key="duration" className="figures">{formatDuration(Math.round(seconds * 10) / 10)}</span>],
          ['Model', attempt.model && <span key="model" className="mono">{attempt.model}</span>],
          [
            'Tokens',
            <span key="tokens" className="figures">
              {formatCount(attempt.inputTokens)} in, {formatCount(attempt.outputTokens)} out
              {attempt.usageEstimated && <span className="dim" title="The provider did not say what it used, or said what cannot be true. It was counted from the texts."> (estimated)</span>}
            </span>,
          ],
          ['Cost', <Cost key="cost" attempt={attempt} />],
        ]}
      />
      {attempt.error && (
        <CodeBlock maxHeight={180} label={`Error of attempt ${attempt.number}`}>
          <span className="dim">{attempt.error.code}</span>
          {'\n'}
          {attempt.error.message}
        </CodeBlock>
      )}
    </>
  );
}
