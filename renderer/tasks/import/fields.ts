// What a column of an imported file can be, and which column is likely to be what. Pure.

export const importFields = [
  'title', 'instructions', 'agentId', 'capabilities', 'priority', 'queue', 'runAt', 'timeLimitSeconds', 'maxAttempts', 'kind', 'dependsOn', 'retry',
] as const;
export type ImportField = (typeof importFields)[number];

/** By column, in the order of the file; null: it is left out. */
export type Mapping = readonly (ImportField | null)[];

export const fieldWords: Record<ImportField, string> = {
  title: 'Title',
  instructions: 'Instructions',
  agentId: 'Agent, by name or id',
  capabilities: 'Capabilities',
  priority: 'Priority, 0 to 9',
  queue: 'Queue',
  runAt: 'Not before',
  timeLimitSeconds: 'Time limit in seconds',
  maxAttempts: 'Attempts at the most',
  kind: 'Kind: work or approval',
  dependsOn: 'Depends on, ids of tasks',
  retry: 'Retry policy, as JSON',
};

const names: Record<ImportField, readonly string[]> = {
  title: ['title', 'task', 'name', 'subject', 'summary'],
  instructions: ['instructions', 'instruction', 'description', 'body', 'prompt', 'details', 'text'],
  agentId: ['agentid', 'agent', 'assignee', 'assignedto'],
  capabilities: ['capabilities', 'capability', 'skills'],
  priority: ['priority', 'prio'],
  queue: ['queue'],
  runAt: ['runat', 'notbefore', 'scheduledfor'],
  timeLimitSeconds: ['timelimitseconds', 'timelimit', 'timeoutseconds', 'timeout'],
  maxAttempts: ['maxattempts', 'attempts'],
  kind: ['kind'],
  dependsOn: ['dependson', 'dependencies'],
  retry: ['retry', 'retrypolicy'],
};

/** Each field once, by the first column whose name says it; of several names the better one first. */
export function guessMapping(columns: readonly string[]): Mapping {
  const plain = columns.map((column) => column.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ''));
  const mapping: (ImportField | null)[] = columns.map(() => null);
  for (const field of importFields) {
    const at = names[field].map((name) => plain.indexOf(name)).find((index) => index >= 0 && mapping[index] === null);
    if (at !== undefined) mapping[at] = field;
  }
  return mapping;
}

/** The mapping with one column changed; another column that was the same is left out. */
export function withField(mapping: Mapping, column: number, field: ImportField | null): Mapping {
  return mapping.map((known, index) => (index === column ? field : known === field ? null : known));
}
