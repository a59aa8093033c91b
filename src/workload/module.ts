/**
 * Workload modules: files of the user's that export functions `(n, state) => number`. Everything here runs their
 * code, and so belongs into a process that may die: they can throw, exit, or never come back.
 */
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../errors.ts';
import { functionsOf, type ModuleFunction, paramsOf } from './module-exports.ts';
import { moduleThrew } from './module-failure.ts';
import { expectModuleFile, isTypeScript } from './module-file.ts';
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

let imported = 0;

/**
 * Imports a module anew, with functions that share neither state nor type feedback with those of other imports. What
 * it imports itself is shared: Node knows those files by their own addresses.
 * @throws UsageError as `describeModule`
 */
export async function importFunctions(path: string): Promise<ModuleFunction[]> {
  expectModuleFile(path);
  expectTypeStripping(path);
  const real = realpathSync(path);
  // Scripts of CommonJS are kept by their path, whatever query they are asked for with.
  delete createRequire(import.meta.url).cache[real];
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = await import(`${pathToFileURL(real).href}?arm=${imported++}`);
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
