// The document beside its preview: its warnings, each with its line, and the text with the chosen line marked.
import { useMemo, useState } from 'react';
import type { PlanPreview } from '../../shared/plan.ts';
import { formatPlural } from '../components/format.ts';
import { SeverityShape } from '../components/SeverityBadge.tsx';
import { clampLine, inOrder, linesOf } from './source.ts';
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
  const warnings = useMemo(() => inOrder(preview.warnings), [preview.warnings]);
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
            {warnings.map((warning, index) => {
              const line = clampLine(warning.line, count);
              return (
                <li key={index}>
                  <button
                    type="button"
                    className={styles.warning}
                    aria-pressed={line > 0 && line === chosen}
                    onClick={() => setChosen(line)}
                    disabled={line === 0}
                  >
                    <SeverityShape severity="warning" size={12} />
                    <span className={styles.warningLine}>{line === 0 ? 'whole' : `line ${line}`}</span>
                    <span>{warning.message}</span>
                  </button>
                </li>
              );
            })}
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
