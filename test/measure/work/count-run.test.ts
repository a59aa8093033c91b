import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import compiler from 'assemblyscript/package.json' with { type: 'json' };
import { afterAll, describe, expect, test } from 'vitest';
import { BarometerError } from '../../../src/errors.ts';
import { buildOf } from '../../../src/measure/fingerprint.ts';
import { countRun } from '../../../src/measure/work/count-run.ts';
import type { DeviceCountRequest, ModuleCountRequest } from '../../../src/measure/work/count-work.ts';
import type { Implementation } from '../../../src/types.ts';
import { loadWorkloads, type Workload } from '../../../src/workload/scenario.ts';

const OWN = { label: '', root: null };

function workload(name: string, params: Workload['params'] = {}): Workload {
  return loadWorkloads().find(
    (one) =>
      one.name === name && Object.entries(params).every(([param, value]) => one.params[param] === value),
  )!;
}
const read = workload('config-read/batch', { widthBytes: 4, mix: 'header' });
const call = workload('config-read/call', { widthBytes: 4, mix: 'header' });
const library = workload('config-read/call', { path: 'library' });
const copy = workload('region-copy', { sizeBytes: 4096, srcOffsetBytes: 0, dstOffsetBytes: 0 });
const first = workload('region-sparse', { touch: 'first' });

function request(
  workloads: readonly Workload[],
  implementations: readonly Implementation[],
): DeviceCountRequest {
  const runtime = `node ${process.versions.node}`;
  return {
    kind: 'device',
    workloads,
    implementations,
    device: { device: 'gh200-120gb' },
    seed: 1,
    runtime,
    version: '0.0.0',
  };
}

/** Counts of one workload on one implementation. */
async function counts(one: Workload, implementation: Implementation): Promise<Record<string, number>> {
  const [count] = await countRun(request([one], [implementation]), OWN);
  return count!.counts;
}

describe('a pass', () => {
  test('is that of the arm that is timed, by its facts', async () => {
    const [wasm, ts, ...others] = await countRun(request([read], ['wasm', 'ts']), OWN);
    expect(others).toEqual([]);
    const facts = { workload: read.name, params: read.params, operations: 12_288 };
    const runtime = `node ${process.versions.node}`;
    const build = buildOf('wasm', '0.0.0');
    const toolchain = `asc ${compiler.version}`;
    expect(wasm).toMatchObject({ ...facts, implementation: 'wasm', runtime, build, toolchain });
    expect(ts).toMatchObject({ ...facts, implementation: 'ts', runtime, build });
    expect(ts).not.toHaveProperty('toolchain');
  });

  // Two control words, then three loads for each access but the last, which has none behind it.
  test('of 12,288 reads in a batch of the core is 3 loads each, and one', async () => {
    expect(await counts(read, 'wasm')).toMatchObject({
      wasmLoads: 3 * 12_288 + 1,
      wasmStores: 0,
      wasmBulkOps: 0,
      wasmAtomics: 0,
    });
  });

  // TypeScript takes an access for granted until the loop ends: entered once, each turn calls `mix`, and the blocks of
  // the turn and of what is behind it in all turns but the last count apart.
  test('of 12,288 reads in TypeScript has one call each, and two blocks', async () => {
    const { tsCalls, tsBlocks } = await counts(read, 'ts');
    expect(tsCalls! - 12_288).toBeGreaterThan(0);
    expect(tsCalls! - 12_288).toBeLessThan(10);
    expect(tsBlocks! - tsCalls!).toBe(12_288 + 12_287);
  });

  test('of 12,288 calls crosses to the core 12,288 times, for one load each', async () => {
    const { wasmLoads, loopBlocks } = await counts(call, 'wasm');
    expect(wasmLoads).toBe(12_288);
    // Each turn of the loop calls the target's function and `mix`.
    expect(loopBlocks).toBe(3 * 12_288 + 2);
  });

  test('through the library is TypeScript, whichever implementation was chosen', async () => {
    const [wasm, ts] = await countRun(request([library], ['wasm', 'ts']), OWN);
    expect(wasm!.counts).toMatchObject({ wasmLoads: 0, tsCalls: ts!.counts.tsCalls });
    expect(ts!.counts.tsCalls).toBeGreaterThanOrEqual(12_288);
  });

  test('of aligned copies moves their payload in bulk', async () => {
    expect(await counts(copy, 'wasm')).toMatchObject({ wasmBulkOps: 1024, wasmBulkBytes: 1024 * 4096 });
  });

  test('that can be made only once is set up anew', async () => {
    // A page's first write stores its frame in the page map, and the next free frame; a later one would store neither.
    const { wasmStores, wasmBulkOps } = await counts(first, 'wasm');
    expect(wasmBulkOps).toBe(256);
    expect(wasmStores).toBeGreaterThanOrEqual(2 * 256);
  });
});

describe('counts', () => {
  const all = [read, call, copy, first, workload('bar-size/linux')];
  const both = ['wasm', 'ts'] as const;

  test('are equal in two processes, whatever else they count and in which order', async () => {
    const counted = await countRun(request(all, both), OWN);
    expect(counted).toHaveLength(all.length * both.length);
    const reversed = await countRun(request([...all].reverse(), ['ts', 'wasm']), OWN);
    expect(reversed.reverse()).toEqual(counted);
    expect(await countRun(request([copy], ['ts']), OWN)).toEqual(
      counted.filter(({ workload: name, implementation }) => name === copy.name && implementation === 'ts'),
    );
  });

  test('of C code and of noop there are none, nor where device or build cannot run the workload', async () => {
    expect(await countRun(request([read], ['native', 'noop']), OWN)).toEqual([]);
    const capabilities = workload('config-read/batch', { mix: 'capabilities' });
    expect(
      await countRun({ ...request([capabilities], both), device: { device: 'generic-type0' } }, OWN),
    ).toEqual([]);
    const unknown = { ...read, params: { widthBytes: 3 } };
    expect(await countRun(request([unknown], both), OWN)).toEqual([]);
  });
});

describe('of another build', () => {
  const root = mkdtempSync(join(tmpdir(), 'barometer-'));
  const folder = join(root, 'dist/src/measure/work');
  const path = join(folder, 'count-process.js');
  const other = { label: 'b: ', root };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(root, 'package.json'), '{"type": "module"}');
  afterAll(() => rmSync(root, { recursive: true }));

  /** What becomes of a request to a counting process with this text. */
  function answerOf(script: string): Promise<unknown> {
    writeFileSync(path, script);
    return countRun(request([read], ['ts']), other).catch((error: unknown) => error);
  }
  const answering = (reply: string) =>
    `process.once('message', () => process.send(${reply}, () => process.disconnect()));`;

  test('counts are its own, under its label', async () => {
    expect(await answerOf(answering(`{ counts: [{ build: 'barometer 7' }] }`))).toEqual([
      { build: 'b: barometer 7' },
    ]);
  });

  test('a process that ends without an answer is named, with its last words', async () => {
    const failure = await answerOf(`process.stderr.write('out of luck'); process.exit(7);`);
    expect(failure).toBeInstanceOf(BarometerError);
    expect((failure as Error).message).toBe(
      `work was not counted: ${path} ended without an answer (exit code 7) out of luck`,
    );
  });

  test('a process that fails says why', async () => {
    const failure = await answerOf(answering(`{ failure: 'no core' }`));
    expect(failure).toEqual(new BarometerError('work was not counted: no core'));
  });

  test('one that cannot count says so', async () => {
    const build = { label: '', root: join(root, 'older') };
    await expect(countRun(request([read], ['ts']), build)).rejects.toThrow(
      /count-process\.js is missing: this build of barometer counts no work/,
    );
  });
});

describe('functions of a module', () => {
  const folder = mkdtempSync(join(tmpdir(), 'barometer-count-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  write('odd.mjs', 'export function odd(i) { return i & 1; }');
  const once = write(
    'once.mjs',
    "import { odd } from './odd.mjs';\nexport function sum(n) { let s = 0; for (let i = 0; i < n; i++) s += odd(i); return s; }",
  );
  const twice = write(
    'twice.mjs',
    "import { odd } from './odd.mjs';\nexport function sum(n) { let s = 0; for (let i = 0; i < n; i++) s += odd(i) + odd(i) - odd(i); return s; }",
  );
  const versions = [
    { path: once, build: 'A' },
    { path: twice, build: 'B' },
  ];
  const modules = (operations: number): ModuleCountRequest => ({
    kind: 'module',
    workloads: [{ name: 'sum', params: {}, operations }],
    versions,
    runtime: 'node',
  });

  test('are counted with what they import, exactly, in each version', async () => {
    const counted = await countRun(modules(100), OWN);
    const facts = { workload: 'sum', params: {}, implementation: 'module', runtime: 'node' };
    expect(counted).toMatchObject([
      { ...facts, build: 'A', operations: 100, counts: { tsCalls: 101 } },
      { ...facts, build: 'B', operations: 100, counts: { tsCalls: 301 } },
    ]);
    expect(await countRun(modules(100), OWN)).toEqual(counted);
  });

  test('of which nothing can be seen are not counted', async () => {
    const path = fileURLToPath(new URL('../../fixtures/module/in-wasm.ts', import.meta.url));
    const request = { ...modules(1), workloads: [{ name: 'spin', params: {}, operations: 1000 }] };
    expect(await countRun({ ...request, versions: [{ path, build: 'A' }] }, OWN)).toEqual([]);
  });

  test('that end the process are an error that says so', async () => {
    const path = write('exits.mjs', 'export function sum(n) { process.exit(7); }');
    const request = { ...modules(1), versions: [{ path, build: 'A' }] };
    await expect(countRun(request, OWN)).rejects.toThrow(/exit code 7/);
  });
});
