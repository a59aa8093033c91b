/** That calls which do nothing are calls: V8 puts an empty function of a module into its caller, and ours not. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { wasmPath } from '../../src/device/wasm/module.ts';

const SOURCE = new URL('../../src/', import.meta.url);

/**
 * Lets V8 optimise a loop of each kind of call, and gives what it said of inlining.
 * @param target JavaScript that makes the target of the calls; `instantiate`, `loops`, `load` are there for it
 */
function traceOfCalls(target: string): string {
  const program = `
    const load = (path) => import(new URL(path, '${SOURCE}').href);
    const { LinearMemory } = await load('memory/linear-memory.ts');
    const { scriptTier } = await load('measure/tier.ts');
    const loops = await load('measure/timed-loop.ts');
    const { readFileSync } = await import('node:fs');
    const { memory } = new LinearMemory(65536);
    const instantiate = (bytes) => new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
    const target = ${target};
    const words = new Int32Array(4096 + 64);
    const ops = [[0, 'readPass'], [1, 'writePass'], [8, 'regionPass'], [6, 'timeEmptyCalls']];
    for (const [op, loop] of ops) {
      for (let at = 0; at < 4096; at += 4) words[at] = op | (4 << 16);
      const subject = { target, words, accesses: 0, accessCount: 1024, bufferAddress: 16384, operations: 1024 };
      for (let turn = 0; scriptTier([loops[loop]]) !== 'turbofan'; turn++) {
        if (turn === 2000) throw new Error(loop + ' was not optimised');
        loops.timeCalls(subject, 20);
        await new Promise(setImmediate);
      }
    }
  `;
  const args = ['--no-warnings', '--trace-turbo-inlining', '--input-type=module', '-e', program];
  return execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
}

/** How many functions of modules V8 thought of putting into a loop, and how many it did. */
function inliningOf(core: string): { considered: number; inlined: number } {
  const trace = traceOfCalls(`loops.emptyWasmTarget(${core})`);
  const decisions = [
    ...trace.matchAll(/^Considering wasm function \[(\d+)\][^\n]*\n- (not inlining|inlining)/gm),
  ];
  const functions = (verdict?: string) =>
    new Set(decisions.filter(([, , made]) => made === (verdict ?? made)).map(([, idx]) => idx)).size;
  return { considered: functions(), inlined: functions('inlining') };
}

/** A module with the same exports whose functions are empty: each gives its first argument back. */
function emptyModule(): Uint8Array {
  const counts = [2, 3, 4, 5];
  const section = (id: number, entries: number[][]) => {
    const body = [entries.length, ...entries.flat()];
    return [id, body.length, ...body];
  };
  const I32 = 0x7f;
  const types = counts.map((count) => [0x60, count, ...Array<number>(count).fill(I32), 1, I32]);
  const names = counts.map((count, idx) => {
    const name = [...Buffer.from(`emptyOf${count}`)];
    return [name.length, ...name, 0, idx];
  });
  const LOCAL_GET = 0x20;
  const END = 0x0b;
  const bodies = counts.map(() => [4, 0, LOCAL_GET, 0, END]);
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(
      3,
      counts.map((_, idx) => [idx]),
    ),
    ...section(7, names),
    ...section(10, bodies),
  ]);
}

describe('V8 optimises the loops of calls', () => {
  test('and puts no call of the core that does nothing into them', () => {
    const path = JSON.stringify(wasmPath());
    expect(inliningOf(`instantiate(readFileSync(${path}))`)).toEqual({ considered: 4, inlined: 0 });
  });

  test('and puts every call of an empty function into them', () => {
    const bytes = JSON.stringify([...emptyModule()]);
    expect(inliningOf(`instantiate(Uint8Array.from(${bytes}))`)).toEqual({ considered: 4, inlined: 4 });
  });

  test('and puts register accesses of the TypeScript model into them: no boundary stands before it', () => {
    const trace = traceOfCalls(`await (async () => {
      const { specFromFlags } = await load('device/device-flags.ts');
      const { Device } = await load('device/device.ts');
      return new Device(specFromFlags({ device: 'generic-type0' }), 'ts', new LinearMemory(2 ** 22), 65536).model;
    })()`);
    const inlined = [...trace.matchAll(/^Inlining .* (\w+)>\} into .* (\w+)>\}$/gm)].map(
      ([, callee, caller]) => `${callee} into ${caller}`,
    );
    expect(inlined).toEqual(
      expect.arrayContaining(['configRead into readPass', 'configWrite into writePass']),
    );
  });
});
