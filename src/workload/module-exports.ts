/** What a workload module exports, checked: functions, and the options that it gives them. */
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { nearestName } from './catalog.ts';
import type { ModuleParams, WorkloadFunction, WorkloadOptions } from './module-types.ts';

/** One exported function. What it takes is known to the module alone. */
export interface ModuleFunction {
  readonly name: string;
  readonly call: WorkloadFunction<unknown>;
  readonly options: WorkloadOptions;
}

/** The export that holds options. */
const OPTIONS_EXPORT = 'barometer';
/** Large enough for anything that is timed, and a small integer to V8. */
export const MAX_OPERATIONS = 2 ** 30;

const EXAMPLE =
  'expected an exported function that does n operations, as in: export function sum(n) { … return total; }';

const anyFunction = z.custom<() => unknown>((value) => typeof value === 'function', 'expected a function');

const functionOptions = z.strictObject({
  params: z
    .array(z.record(z.string(), z.union([z.number(), z.string()])))
    .min(1)
    .optional(),
  operations: z.int().min(1).max(MAX_OPERATIONS).optional(),
  setup: anyFunction.optional(),
  payloadBytesPerOp: anyFunction.optional(),
  trafficBytesPerOp: anyFunction.optional(),
});
const optionsSchema = z.record(z.string(), functionOptions);
const OPTION_NAMES = Object.keys(functionOptions.shape);

/**
 * The functions of a module by name, in the order of their names. Exports that are no functions are left alone, and
 * so are classes.
 * @param exported the namespace that `import()` gave
 * @throws UsageError where there is no function, one that cannot be timed, or options that fit none
 */
export function functionsOf(exported: Readonly<Record<string, unknown>>, path: string): ModuleFunction[] {
  const functions = new Map<string, WorkloadFunction<unknown>>();
  for (const [key, value] of Object.entries(exported)) {
    if (!isCallable(value)) continue;
    // A default export goes by its own name; where it is exported by that name too, it is there once.
    const name = key === 'default' || key === 'module.exports' ? value.name || 'default' : key;
    expectPlain(value, name, path);
    if (!functions.has(name)) functions.set(name, value as WorkloadFunction<unknown>);
  }
  if (functions.size === 0) throw new UsageError(`${path}: exports no function; ${EXAMPLE}`);
  const options = optionsOf(exported, [...functions.keys()], path);
  return [...functions].map(([name, call]) => ({ name, call, options: options[name] ?? {} }));
}

/** The parameters that a function is measured with, each once. */
export function paramsOf({ options }: ModuleFunction): readonly ModuleParams[] {
  return options.params ?? [{}];
}

/** The same for equal parameters, whatever their order. */
export function paramsKey(params: ModuleParams): string {
  return JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isCallable(value: unknown): value is (...given: unknown[]) => unknown {
  return typeof value === 'function' && !/^class\b/.test(sourceText(value));
}

function sourceText(subject: unknown): string {
  return Function.prototype.toString.call(subject);
}

function expectPlain(subject: (...given: unknown[]) => unknown, name: string, path: string): void {
  const kind = Object.prototype.toString.call(subject).slice('[object '.length, -1);
  if (kind.startsWith('Async')) {
    throw new UsageError(
      `${path}: ${name} is async: a timed window has no room for the event loop, whose turns would be timed too. ` +
        'Expected a function that returns a number; await in its setup, which is not timed',
    );
  }
  if (kind !== 'Function') {
    throw new UsageError(`${path}: ${name} is a generator; expected a function that returns a number`);
  }
  // V8 aborts the process that asks it for the tier of a bound function or of a proxy.
  if (/\{\s*\[native code\]\s*\}$/.test(sourceText(subject)) && !isWasmFunction(subject)) {
    throw new UsageError(
      `${path}: ${name} is built in, bound or a proxy, and has no code of its own that could be timed; ` +
        `export a function that calls it n times`,
    );
  }
}

/** Whether a function is an export of a WebAssembly instance: a table takes nothing else. */
export function isWasmFunction(subject: unknown): boolean {
  try {
    new WebAssembly.Table({ element: 'anyfunc', initial: 1 }).set(0, subject);
    return true;
  } catch {
    return false;
  }
}

function optionsOf(
  exported: Readonly<Record<string, unknown>>,
  names: readonly string[],
  path: string,
): Readonly<Record<string, WorkloadOptions>> {
  const given = exported[OPTIONS_EXPORT];
  if (given === undefined || typeof given === 'function') return {};
  const result = optionsSchema.safeParse(given);
  if (!result.success) {
    const { path: place, message } = result.error.issues[0]!;
    throw new UsageError(
      `${path}: ${z.core.toDotPath([OPTIONS_EXPORT, ...place])}: ${message}; expected options by the names of ` +
        `functions, and among the options ${OPTION_NAMES.join(', ')}`,
    );
  }
  for (const [name, { params = [] }] of Object.entries(result.data)) {
    if (!names.includes(name)) throw new UsageError(`${path}: ${unknownFunction(name, names)}`);
    expectDistinct(params, `${path}: ${OPTIONS_EXPORT}.${name}.params`);
  }
  // As given, and not as parsed: a set-up may use what stands beside it through `this`.
  return given as Readonly<Record<string, WorkloadOptions>>;
}

/** @returns the end of a sentence about a function that the module does not export */
export function unknownFunction(name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  return `exports no function ${JSON.stringify(name)}${hint || '.'} Its functions are ${names.join(', ')}`;
}

function expectDistinct(list: readonly ModuleParams[], place: string): void {
  const keys = list.map(paramsKey);
  const twice = list.find((_, i) => keys.indexOf(keys[i]!) !== i);
  if (twice) {
    throw new UsageError(`${place}: ${JSON.stringify(twice)} is there twice: expected each of them once`);
  }
}
