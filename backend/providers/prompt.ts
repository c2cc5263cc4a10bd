// What a model is told: who it is, and the task with all that came before it.
import type { AttemptRun } from './provider.ts';

type Told = Pick<AttemptRun, 'task' | 'agent'>;

export interface Prompt {
  instructions: string;
  prompt: string;
}

function section(title: string, body: string | string[]): string[] {
  const text = typeof body === 'string' ? body.trim() : body.map((item) => `- ${item}`).join('\n');
  return text === '' ? [] : [`## ${title}\n\n${text}`];
}

export function promptOf({ task, agent }: Told): Prompt {
  const instructions = [
    `You are ${agent.name}, an agent that works on one task at a time.`,
    ...(agent.role === '' ? [] : [`Your role: ${agent.role}`]),
    ...(agent.instructions === '' ? [] : [agent.instructions]),
    'You have no tools here. Answer with the result itself, in Markdown. It is read as it is, so leave out greetings and offers.',
  ].join('\n\n');
  const findings = task.sharedFindings.map(({ severity, title, body, agentName }) => {
    const from = agentName === null ? '' : ` (${agentName})`;
    return `${severity}: ${title}${from}${body === '' ? '' : `\n  ${body.replaceAll('\n', '\n  ')}`}`;
  });
  const prompt = [
    `# ${task.title}`,
    ...(task.instructions.trim() === '' ? [] : [task.instructions.trim()]),
    ...section('What the result is', task.expectedOutput ?? ''),
    ...section('It is good when', task.successCriteria),
    ...section('What others on the same plan found', findings),
    ...(task.handoff === null
      ? []
      : section('Notes of the attempt before', `${task.handoff.notes.trim()}\n\nGo on from there. The result must be whole in itself: it is read without these notes.`)),
  ].join('\n\n');
  return { instructions, prompt };
}
