// What a test has shown: that it answers and how fast, or what went wrong and what to do about it.
import type { ProviderTest } from '../../shared/provider.ts';
import { StateShape } from '../components/StateBadge.tsx';
import { testedWords } from './words.ts';
import styles from './providers.module.css';

export function TestResult({ test }: { test: ProviderTest }) {
  return (
    <div className={styles.result}>
      <StateShape state={test.ok ? 'succeeded' : 'failed'} label={test.ok ? 'Well' : 'Not well'} />
      <div className={styles.resultWords}>
        {test.problem === null ? (
          <>
            <b>{capital(testedWords(test))}</b>
            {test.model && <span className="dim"> · asked {test.model}</span>}
          </>
        ) : (
          <>
            <b>{test.problem.message}</b>
            <div className="dim">{test.problem.fix}</div>
          </>
        )}
      </div>
    </div>
  );
}

const capital = (words: string): string => words[0]!.toUpperCase() + words.slice(1);
