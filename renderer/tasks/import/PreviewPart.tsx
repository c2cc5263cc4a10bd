// What a file would create, before anything is: its columns and what each becomes, its first rows, and what is wrong.
import { Button, Select } from '@mantine/core';
import { MayButton } from '../../app/me.tsx';
import { formatBytes, formatCount, formatPlural } from '../../components/format.ts';
import { Panel } from '../../components/layout.tsx';
import { Note } from '../../components/ProblemNotice.tsx';
import { StateShape } from '../../components/StateBadge.tsx';
import { Time } from '../../components/values.tsx';
import { fieldWords, importFields, withField, type ImportField } from './fields.ts';
import { useTaskImport } from './ImportProvider.tsx';
import type { ReadFile } from './reader.ts';
import { Refusals, SaveRefused } from './Refusals.tsx';
import styles from './import.module.css';

export function PreviewPart({ read }: { read: ReadFile }) {
  const { start, clear, reading, unfinished } = useTaskImport();
  const noTitle = read.mapping.includes('title') ? null : 'Say which column is the title.';
  const none = read.good === 0 ? 'No row can be created. Mend what is named, or say what the columns are.' : null;
  return (
    <>
      <div className={styles.summary} aria-live="polite">
        <b>{reading ? 'Reading…' : `${formatPlural(read.good, 'task')} would be created`}</b>
        {read.bad > 0 && <span className={styles.bad}><StateShape state="failed" /> {formatPlural(read.bad, 'row')} refused</span>}
        <span className="dim">{formatPlural(read.rows, 'row')}, {formatBytes(read.bytes)}, {read.format.toUpperCase()}</span>
      </div>
      {read.warnings.map((warning) => <Note key={warning} tone="warning">{warning}</Note>)}
      {unfinished && (
        <Note tone="warning">
          <b>An import of this file was begun <Time value={new Date(unfinished.startedAt).toISOString()} past /> and has not ended.</b>{' '}
          {formatPlural(unfinished.created, 'task')} of it {unfinished.created === 1 ? 'was' : 'were'} created. Going on creates the rest and no doubles.
        </Note>
      )}
      <div className={styles.preview}>
        <Columns read={read} />
        <div className={styles.side}>
          <Sample read={read} />
          {read.bad > 0 && (
            <Panel title={`${formatPlural(read.bad, 'row')} refused`} aside={<SaveRefused name={read.name} />} label="Refused rows" fill>
              <Refusals refusals={read.refusals} more={read.bad > read.refusals.length} />
            </Panel>
          )}
        </div>
      </div>
      <div className={styles.actions}>
        <span className="faint small">{read.bad > 0 ? 'Refused rows are left out; the others are created.' : 'Nothing is created yet.'}</span>
        <span className="grow" />
        <Button onClick={clear}>Another file</Button>
        {unfinished && <MayButton permission="tasks:create" reason={noTitle ?? none} onClick={() => start(null)}>Create all of them again</MayButton>}
        <MayButton
          permission="tasks:create"
          variant="filled"
          reason={reading ? 'The file is being read.' : (noTitle ?? none)}
          onClick={() => start(unfinished)}
        >
          {unfinished ? 'Go on with it' : `Create ${formatPlural(read.good, 'task')}`}
        </MayButton>
      </div>
    </>
  );
}

const LEFT_OUT = '-';
const choices = [{ value: LEFT_OUT, label: 'Left out' }, ...importFields.map((field) => ({ value: field, label: fieldWords[field] }))];

function Columns({ read }: { read: ReadFile }) {
  const { map } = useTaskImport();
  return (
    <Panel title="Columns" aside={formatCount(read.columns.length)} label="Columns" fill>
      <ul className={styles.columns}>
        {read.columns.map((column, index) => (
          <li key={column.name}>
            <div className={styles.column}>
              <b className="ellipsis" title={column.name}>{column.name}</b>
              <span className="dim small ellipsis" title={column.first}>{column.first === '' ? 'empty' : column.first}</span>
            </div>
            <Select
              aria-label={`What ${column.name} is`}
              data={choices}
              allowDeselect={false}
              value={read.mapping[index] ?? LEFT_OUT}
              onChange={(value) => map(withField(read.mapping, index, value === LEFT_OUT ? null : (value as ImportField)))}
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Sample({ read }: { read: ReadFile }) {
  const fields = importFields.filter((field) => read.mapping.includes(field));
  return (
    <Panel title="The first rows" label="The first rows" fill flush>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must take the keyboard */}
      <div className={styles.sampleScroll} tabIndex={0} role="region" aria-label="The first rows as tasks">
        <table className={styles.sample}>
          <thead>
            <tr>
              <th scope="col">Line</th>
              {fields.map((field) => <th key={field} scope="col">{fieldWords[field].split(',')[0]}</th>)}
            </tr>
          </thead>
          <tbody>
            {read.sample.map((row) => (
              <tr key={row.line} data-refused={row.refused !== null || undefined} title={row.refused ?? undefined}>
                <td>
                  <span className={`figures ${styles.line}`}>
                    {row.line} {row.refused !== null && <StateShape state="failed" label={`Refused: ${row.refused}`} />}
                  </span>
                </td>
                {fields.map((field) => (
                  <td key={field}><span className={styles.cell} title={row.values[field]}>{row.values[field] ?? ''}</span></td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
