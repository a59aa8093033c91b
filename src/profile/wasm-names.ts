import { existsSync, readFileSync } from 'node:fs';
import { wasmPath } from '../device/wasm/module.ts';
import { BarometerError } from '../errors.ts';

/** A function of the core, as AssemblyScript names it. */
export interface WasmName {
  /** `fast` */
  readonly name: string;
  /** `assembly/access-batch.ts` */
  readonly file: string;
}

/**
 * Functions of the core by their number. The module itself carries no names, which would be bytes to load for everybody;
 * its text, written by the same build, has the functions in the same order. Nothing is imported but memory, so the first
 * one is number 0.
 */
export function wasmNames(): readonly WasmName[] {
  const path = wasmPath().replace(/\.wasm$/, '.wat');
  if (!existsSync(path)) throw new BarometerError(`${path} is missing; build it with: npm run build`);
  return parseNames(readFileSync(path, 'utf8'));
}

/** `(func $assembly/access-batch/fast (param …` */
export function parseNames(text: string): readonly WasmName[] {
  return [...text.matchAll(/^ \(func \$(\S+)\/(\S+)/gm)].map(([, path, name]) => ({
    name: name!,
    file: `${path}.ts`,
  }));
}
