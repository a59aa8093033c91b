/**
 * Makes a core that counts its work from one that does not. It runs at build time alone: Binaryen comes with the
 * AssemblyScript compiler and is not installed with the package.
 *
 * Binaryen's pass `instrument-memory` has every load and store hand its address and value to an import. Functions of
 * the core's own take the place of these imports, so that counting does not leave WebAssembly. The pass knows neither
 * bulk operations nor atomic read-modify-writes: each becomes a call of a function that counts and then does the same.
 */
import binaryen from 'assemblyscript/binaryen';
import { TOOLCHAIN_SECTION, WASM_COUNTERS, type WasmCounter } from './work-counters.ts';

/** A function of the pass, by the counter that a call of it adds to. The others only hand their value back. */
const COUNTED_HOOKS: Readonly<Record<string, WasmCounter>> = {
  load_ptr: 'wasmLoads',
  store_ptr: 'wasmStores',
};

/** `(import "env" "load_ptr" (func $load_ptr (type $3) (param i32 i32 i32 i32) (result i32)))` */
const HOOK = /^ *\(import "env" "\w+" \(func \$(\w+) \(type \S+\) \(param ([\w ]+)\) \(result (\w+)\)\)\)$/gm;

/** Instructions that access memory and that the pass does not see, with what they are told beside their operands. */
const UNSEEN = /\((memory\.(?:copy|fill|atomic\.\w+)|i\d+\.atomic\.rmw\d*\.\w+)((?: offset=\d+)?)(?=\s)/g;

/** What neither the pass nor this file counts: SIMD accesses of parts of a vector, and memory.init. */
const UNCOUNTED = /\((v128\.(?:load|store)\w+|i\d+\.atomic\.rmw\S+|memory\.init)\b/;

/**
 * @param core bytes of a module; its answers, imports and exports stay as they are, and an exported global comes with
 * each counter
 * @param toolchain what compiled it, `asc 0.28.20`: counts of different compilers are not comparable
 * @throws Error where the core accesses memory in a way that is not counted
 */
export function countedCore(core: Uint8Array, toolchain: string): Uint8Array {
  const module = binaryen.readBinary(core);
  module.setFeatures(binaryen.Features.All);
  module.runPasses(['instrument-memory']);
  const counted = binaryen.parseText(withCounters(module.emitText()));
  module.dispose();
  counted.setFeatures(binaryen.Features.All);
  counted.runPasses(['remove-unused-module-elements']);
  counted.addCustomSection(TOOLCHAIN_SECTION, new TextEncoder().encode(toolchain));
  const bytes = counted.emitBinary();
  counted.dispose();
  return bytes;
}

/** @param instrumented text of the module behind the pass */
function withCounters(instrumented: string): string {
  const added = WASM_COUNTERS.map((name) => `(global $${name} (export "${name}") (mut i64) (i64.const 0))`);
  const withHooks = instrumented.replace(HOOK, (_import, name: string, params: string, result: string) => {
    added.push(hook(name, params.split(' '), result));
    return '';
  });
  const outlined = new Map<string, string>();
  const body = withHooks.replace(UNSEEN, (_head, instruction: string, offset: string) => {
    const name = `count.${instruction}${offset.replace(' ', '.')}`;
    outlined.set(name, counting(name, instruction, offset));
    return `(call $${name}`;
  });
  const uncounted = UNCOUNTED.exec(body);
  if (uncounted) {
    throw new Error(
      `the core has ${uncounted[1]}, which is not counted: teach src/device/wasm/count-core.ts to`,
    );
  }
  return `${body.trimEnd().slice(0, -1)}${[...added, ...outlined.values()].join('\n')}\n)\n`;
}

/** Hands back its last operand, the address or value that the access goes on with. */
function hook(name: string, params: readonly string[], result: string): string {
  const counter = COUNTED_HOOKS[name];
  const count = counter === undefined ? '' : add(counter, '(i64.const 1)');
  return `(func $${name} (param ${params.join(' ')}) (result ${result}) ${count} (local.get ${params.length - 1}))`;
}

/** Counts an instruction that the pass does not see, and performs it. */
function counting(name: string, instruction: string, offset: string): string {
  const { params, result } = signatureOf(instruction);
  const bulk = result === '';
  const count = bulk
    ? add('wasmBulkOps', '(i64.const 1)') + add('wasmBulkBytes', '(i64.extend_i32_u (local.get 2))')
    : add('wasmAtomics', '(i64.const 1)');
  const operands = params.map((_, i) => `(local.get ${i})`).join(' ');
  const head = `(func $${name} (param ${params.join(' ')}) ${bulk ? '' : `(result ${result})`}`;
  return `${head} ${count} (${instruction}${offset} ${operands}))`;
}

/** Operands and result; bulk operations have none. */
function signatureOf(instruction: string): { params: readonly string[]; result: string } {
  if (/^memory\.(copy|fill)$/.test(instruction)) return { params: ['i32', 'i32', 'i32'], result: '' };
  if (instruction === 'memory.atomic.notify') return { params: ['i32', 'i32'], result: 'i32' };
  if (instruction.startsWith('memory.atomic.wait')) {
    return { params: ['i32', instruction.endsWith('64') ? 'i64' : 'i32', 'i64'], result: 'i32' };
  }
  const type = instruction.slice(0, 3);
  return { params: instruction.includes('cmpxchg') ? ['i32', type, type] : ['i32', type], result: type };
}

function add(counter: WasmCounter, amount: string): string {
  return `(global.set $${counter} (i64.add (global.get $${counter}) ${amount}))`;
}
