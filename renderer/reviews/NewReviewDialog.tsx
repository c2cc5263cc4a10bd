// Begins a review: its title, and up to which level of the checklist it goes.
import { Radio, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { checklistLevels, itemsUpTo, type ChecklistLevel, type ChecklistSummary } from '../../shared/checklist.ts';
import { reviewOperations, type Review } from '../../shared/review.ts';
import { useApi } from '../app/api.ts';
import { useDialogForm } from '../app/dialogForm.ts';
import { DialogForm } from '../app/DialogForm.tsx';
import { wordsOf } from '../components/form.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { formatCount } from '../components/format.ts';
import { useNow } from '../components/now.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { levelWords } from './reviewView.ts';
import styles from './reviews.module.css';

interface NewReviewDialogProps {
  opened: boolean;
  onClose(): void;
  onBegun(review: Review): void;
}
export function NewReviewDialog({ opened, onClose, onBegun }: NewReviewDialogProps) {
  return (
    <FormDialog opened={opened} onClose={onClose} title="New review" size={520}>
      <Checklists onBegun={onBegun} />
    </FormDialog>
  );
}

function Checklists(props: Omit<NewReviewDialogProps, 'opened' | 'onClose'>) {
  const api = useApi();
  const query = useQuery(api.checklists.list.queryOptions({}));
  const [first] = query.data?.items ?? [];
  if (first) return <NewReviewForm {...props} checklists={query.data?.items ?? []} first={first} />;
  if (query.error) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  return <p className="dim" role="status">The checklists are being read…</p>;
}

const fields = ['title', 'checklistId', 'level'] as const;
const { shape } = reviewOperations.create.input;

interface NewReviewForm {
  title: string;
  checklistId: string;
  level: string;
}

/** `Launch review 2026.11`. */
function usualTitle(now: number): string {
  const at = new Date(now);
  return `Launch review ${at.getFullYear()}.${String(at.getMonth() + 1).padStart(2, '0')}`;
}

function NewReviewForm({
  checklists,
  first,
  onBegun,
}: Omit<NewReviewDialogProps, 'opened' | 'onClose'> & { checklists: readonly ChecklistSummary[]; first: ChecklistSummary }) {
  const api = useApi();
  const now = useNow(null);
  const { form, outcome, bind } = useDialogForm<NewReviewForm>({
    draft: { name: 'review new', what: 'a new review' },
    fields,
    initialValues: { title: usualTitle(now), checklistId: first.id, level: '2' },
    validate: { title: wordsOf(shape.title) },
  });
  const begin = useMutation(api.reviews.create.mutationOptions(outcome(onBegun)));
  const chosen = checklists.find((one) => one.id === form.values.checklistId) ?? first;
  const submit = ({ title, checklistId, level }: NewReviewForm): void => {
    begin.mutate({ title, checklistId, level: Number(level) as ChecklistLevel });
  };
  return (
    <DialogForm
      {...bind(submit)}
      permission="reviews:write"
      send="Begin the review"
      busy={begin.isPending}
    >
      {/* What is suggested is chosen, so that typing takes its place. */}
      <TextInput
        label="Title"
        autoFocus
        data-autofocus
        {...form.getInputProps('title')}
        onFocus={(event) => event.currentTarget.select()}
      />
      {checklists.length > 1 ? (
        <Select
          label="Checklist"
          allowDeselect={false}
          data={checklists.map(({ id, name, version }) => ({ value: id, label: `${name}, version ${version}` }))}
          {...form.getInputProps('checklistId')}
        />
      ) : (
        <p className="dim">
          {chosen.name}, version {chosen.version}: {formatCount(chosen.itemCount)} items in {chosen.sectionCount} sections. The
          review keeps the items as they are now.
        </p>
      )}
      <Radio.Group label="How far it goes" {...form.getInputProps('level')}>
        <div className={styles.levels}>
          {checklistLevels.map((level) => {
            const count = itemsUpTo(chosen.byLevel, level);
            const added = level === 1 ? '' : `, ${chosen.byLevel[`${level}`]} more than level ${level - 1}`;
            return (
              <Radio
                key={level}
                value={String(level)}
                label={`Level ${level}: ${formatCount(count)} items`}
                description={`What must hold ${levelWords[level]}${added}.`}
              />
            );
          })}
        </div>
      </Radio.Group>
    </DialogForm>
  );
}
