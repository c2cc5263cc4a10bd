// The document beside its preview: its warnings, each with its line, and the text with the chosen line marked.
import { IconChevronRight } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { PlanPreview, PlanWarning } from '../../shared/plan.ts';
import { formatPlural } from '../components/format.ts';
import { SeverityShape } from '../components/SeverityBadge.tsx';
import { clampLine, groupWarnings, linesOf } from './source.ts';
import { SourceView } from './SourceView.tsx';
import styles from './import.module.css';

export function PreviewSource({
  preview,
  text,
  fileName,
}: {
  preview: PlanPreview;
  text: string;
  fileName: string | null;
}) {
  const [chosen, setChosen] = useState(0);
  const { warnings } = preview;
  const groups = useMemo(() => groupWarnings(warnings), [warnings]);
  const count = useMemo(() => linesOf(text).length, [text]);
  const marked = useMemo(
    () => new Set(warnings.map(({ line }) => clampLine(line, count))),
    [warnings, count],
  );
  return (
    <section className={styles.sourcePanel} aria-label="Source and warnings">
      <div className={styles.warnings}>
        <h2>{warnings.length === 0 ? 'No warnings' : formatPlural(warnings.length, 'warning')}</h2>
        {warnings.length > 0 && (
          <ul>
            {groups.map(({ gist, warnings: [first, ...others] }) =>
              first === undefined ? null : others.length === 0 ? (
                <Warning key={`${first.line} ${gist}`} warning={first} count={count} chosen={chosen} onChoose={setChosen} />
              ) : (
                <li key={gist}>
                  <details>
                    <summary className={styles.warning}>
                      <SeverityShape severity="warning" size={12} />
                      <span className={styles.warningLine}>{formatPlural(others.length + 1, 'line')}</span>
                      <span>{gist}</span>
                      <IconChevronRight size={13} aria-hidden />
                    </summary>
                    <ul className={styles.warningsOfGroup}>
                      {[first, ...others].map((warning, index) => (
                        <Warning key={index} warning={warning} count={count} chosen={chosen} onChoose={setChosen} />
                      ))}
                    </ul>
                  </details>
                </li>
              ),
            )}
          </ul>
        )}
      </div>
      <div className={styles.sourceHead}>
        <span className="ellipsis" title={fileName ?? undefined}>
          {fileName ?? 'Pasted text'}
        </span>
        <span className="faint figures">{formatPlural(count, 'line')}</span>
      </div>
      <SourceView text={text} chosen={chosen} marked={marked} onChoose={setChosen} />
    </section>
  );
}

interface WarningProps {
  warning: PlanWarning;
  /** Lines of the document. */
  count: number;
  chosen: number;
  onChoose(line: number): void;
}
/** One warning; choosing it marks its line in the source. */
function Warning({ warning, count, chosen, onChoose }: WarningProps) {
  const line = clampLine(warning.line, count);
  return (
    <li>
      <button
        type="button"
        className={styles.warning}
        aria-pressed={line > 0 && line === chosen}
        onClick={() => onChoose(line)}
        disabled={line === 0}
      >
        <SeverityShape severity="warning" size={12} />
        <span className={styles.warningLine}>{line === 0 ? 'whole' : `line ${line}`}</span>
        <span>{warning.message}</span>
      </button>
    </li>
  );
}
