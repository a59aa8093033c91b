/** The command line: its commands, and what becomes of their failures. */
import { Command, CommanderError } from 'commander';
import { BarometerError, EXIT } from '../errors.ts';
import { addCoherence } from './coherence-commands.ts';
import {
  addConform,
  addGuest,
  addInspect,
  addList,
  addReplay,
  addServe,
  addSize,
} from './device-commands.ts';
import { addAb, addAgents, addCalibrate, addDoctor, addProfile, addRun } from './measuring-commands.ts';
import { guardOutput, printError } from './output.ts';
import { addCompare, addHistory, addMerge, addReport } from './result-commands.ts';
import { version } from './version.ts';

/** Runs the command line. Sets the exit code; never throws. */
export function main(argv: readonly string[]): void {
  guardOutput();
  program()
    .parseAsync(argv)
    .catch((error: unknown) => {
      process.exitCode = reportFailure(error);
    });
}

function program(): Command {
  const root = new Command('barometer')
    .description(
      'Measures what it costs to emulate a PCI device in WebAssembly, in TypeScript and in C, side by side.',
    )
    .version(version())
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({ outputError: (text) => printError(text.replace(/^error: |\n$/g, '')) })
    .showHelpAfterError('(barometer --help shows what there is)');
  addRun(root);
  addAb(root);
  addAgents(root);
  addCoherence(root);
  addServe(root);
  addGuest(root);
  addReplay(root);
  addProfile(root);
  addCalibrate(root);
  addList(root);
  addInspect(root);
  addSize(root);
  addConform(root);
  addCompare(root);
  addMerge(root);
  addReport(root);
  addHistory(root);
  addDoctor(root);
  for (const command of root.commands) command.exitOverride();
  return root;
}

/** Prints what went wrong, without a stack trace for what the user can mend, and returns the exit code. */
function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) {
    // commander has printed its message; help and version are no failures.
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  if (error instanceof BarometerError) {
    printError(error.message);
    return error.exitCode;
  }
  printError(`unexpected failure, please report it: ${(error as Error)?.stack ?? error}`);
  return 1;
}
