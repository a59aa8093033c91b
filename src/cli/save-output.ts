/** Files that the user names for what a command makes. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { BarometerError, UsageError } from '../errors.ts';
import { explain, saveText } from '../results/store.ts';

/** Before the work for it. @param option that names the file, for messages @throws UsageError for what is no name of a file */
export function expectFile(option: string, path: string): void {
  if (path === '') throw new UsageError(`${option} "": expected the name of a file`);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`${option} ${path} is a folder; expected the name of a file`);
  }
}

/** Whole or not at all. @param option that names the file, for messages @throws BarometerError where it cannot be written */
export function saveOutput(option: string, path: string, text: string): void {
  try {
    saveText(path, text);
  } catch (cause) {
    throw new BarometerError(
      `${option} ${path}: cannot be written: ${explain(cause).reason}; choose another file`,
    );
  }
}

/**
 * Samples are what cannot be made again.
 * @param purpose of the inputs: `merge`
 * @throws UsageError where the output would replace one of the inputs
 */
export function expectNoInput(option: string, out: string, inputs: readonly string[], purpose: string): void {
  if (!existsSync(out)) return;
  const target = realpathSync(out);
  const input = inputs.find((path) => existsSync(path) && realpathSync(path) === target);
  if (input === undefined) return;
  throw new UsageError(
    `${option} ${out}: that is one of the files to ${purpose} (${input}), which would be lost; choose another name`,
  );
}
