// The entry of every npm script: `node build/bootstrap.mjs <command> [args]`. Plain JavaScript for Node 20.19
// with no package, as it is what installs the packages and finds the newer Node that the rest wants.
import { commands, opensWindow, quiet } from './commands.mjs';
import { CommandError, say, sayOnStandardError } from './output.mjs';
import { isRoot, root } from './paths.mjs';
import { endHelpers, passSignals } from './process.mjs';
import { goOnAsUser, needsUser } from './root.mjs';
import { ensureSystem } from './system.mjs';

async function main([command, ...args]) {
  if (command === undefined || !Object.hasOwn(commands, command)) {
    throw new CommandError(
      `Usage: node build/bootstrap.mjs <command>\nCommands: ${Object.keys(commands).join(', ')}`,
      2,
    );
  }
  if (quiet.has(command)) sayOnStandardError();
  process.chdir(root);
  passSignals();
  if (!isRoot || !needsUser(command)) return commands[command](args);
  // That user has no access to a display of root's, so it gets one of its own.
  if (opensWindow(command, args)) await ensureSystem({ display: true, keyring: true });
  return goOnAsUser(command, args);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  say(error.message);
  process.exitCode = error.exitCode;
} finally {
  endHelpers();
}
