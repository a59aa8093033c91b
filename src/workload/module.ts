/**
 * Workload modules: files of the user's that export functions `(n, state) => number`. Everything here runs their
 * code, and so belongs into a process that may die: they can throw, exit, or never come back.
 */
import { UsageError } from '../errors.ts';
import { functionsOf, type ModuleFunction, paramsOf } from './module-exports.ts';
import { moduleThrew } from './module-failure.ts';
import { expectModuleFile, isTypeScript } from './module-file.ts';
import { importAnew } from './module-import.ts';
import type { ModuleParams } from './module-types.ts';

/** One thing of a module to measure. Plain data, to be sent between processes. */
export interface ModuleWorkload {
  /** Name of the exported function. */
  readonly name: string;
  readonly params: ModuleParams;
  /** Operations of one call; null until they are calibrated. */
  readonly operations: number | null;
}

/**
 * What there is to measure in a module.
 * @throws UsageError where the module cannot be imported, or is none
 */
export async function describeModule(path: string): Promise<ModuleWorkload[]> {
  const functions = await importFunctions(path);
  return functions.flatMap((subject) =>
    paramsOf(subject).map((params) => ({
      name: subject.name,
      params: { ...params },
      operations: subject.options.operations ?? null,
    })),
  );
}

/**
 * Imports a module anew, with functions of its own (see `importAnew`).
 * @throws UsageError as `describeModule`
 */
export async function importFunctions(path: string): Promise<ModuleFunction[]> {
  expectModuleFile(path);
  expectTypeStripping(path);
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = await importAnew(path);
  } catch (error) {
    throw moduleThrew(path, 'cannot be imported', error);
  }
  return functionsOf(exported, path);
}

function expectTypeStripping(path: string): void {
  if (!isTypeScript(path) || process.features.typescript) return;
  throw new UsageError(
    `${path}: Node ${process.versions.node} runs no TypeScript; expected Node 22.18, 23.6 or newer. ` +
      'Use such a Node, or compile the file to JavaScript',
  );
}
