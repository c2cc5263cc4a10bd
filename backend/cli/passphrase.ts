// Where the command line takes a passphrase from: a variable, a prompt that shows nothing, or standard input. Never
// from the arguments, which every process of the machine can read.
import { createInterface } from 'node:readline';
import { passphrase as schema } from '../../shared/backup.ts';
import { AppError } from '../../shared/errors.ts';

export const PASSPHRASE_VARIABLE = 'SIGNALBOX_BACKUP_PASSPHRASE';

/** Reads a line at the terminal without showing it. Ctrl C ends the process. */
function promptHidden(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.resume();
  stdin.setEncoding('utf8');
  const { promise, resolve } = Promise.withResolvers<string>();
  let typed = '';
  const hear = (text: string) => {
    for (const character of text) {
      if (character === '\u0003') {
        stdin.setRawMode(false);
        stderr.write('\n');
        process.exit(130);
      }
      if (character === '\r' || character === '\n' || character === '\u0004') {
        stdin.off('data', hear);
        stdin.setRawMode(false);
        stdin.pause();
        stderr.write('\n');
        resolve(typed);
        return;
      }
      typed = character === '\u007f' || character === '\b' ? typed.slice(0, -1) : typed + character;
    }
  };
  stdin.on('data', hear);
  return promise;
}

async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line;
  return '';
}

/** `isNew`: of a backup to be made, asked for twice at a terminal and held to the least length. */
export async function readPassphrase(environment: NodeJS.ProcessEnv, isNew: boolean): Promise<string> {
  const given = environment[PASSPHRASE_VARIABLE];
  let text: string;
  if (given !== undefined && given !== '') text = given;
  else if (!process.stdin.isTTY) text = await firstLine();
  else {
    text = await promptHidden('Passphrase of the backup: ');
    if (isNew && (await promptHidden('Once more: ')) !== text) {
      throw new AppError('validation_failed', 'The two passphrases are not the same. Nothing was done.');
    }
  }
  const checked = schema.safeParse(text);
  if (checked.success || (!isNew && text !== '')) return text;
  const wrong = text === '' ? 'No passphrase was given.' : `The passphrase: ${checked.error?.issues[0]?.message ?? ''}`;
  throw new AppError(
    'validation_failed',
    `${wrong} Write it at the prompt, on standard input, or in ${PASSPHRASE_VARIABLE}.`,
  );
}

/** Asks at the terminal; without one the answer must have been given before. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  process.stderr.write(`${question} `);
  return (await firstLine()).trim().toLowerCase() === 'yes';
}
