import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import binaryen from 'assemblyscript/binaryen';
import compiler from 'assemblyscript/package.json' with { type: 'json' };
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import {
  OP_CONFIG_READ,
  OP_CONFIG_WRITE,
  OP_DIRECT_COPY,
  OP_DIRECT_FILL,
  OP_WALK,
} from '../../../assembly/layout.ts';
import { Device } from '../../../src/device/device.ts';
import { specFromFlags } from '../../../src/device/device-flags.ts';
import { countedCore } from '../../../src/device/wasm/count-core.ts';
import { countedPath, useCountedCore, wasmPath } from '../../../src/device/wasm/module.ts';
import type { WasmDevice } from '../../../src/device/wasm/wasm-device.ts';
import { readWasmCounters, toolchainOf, WASM_COUNTERS } from '../../../src/device/wasm/work-counters.ts';
import { BarometerError } from '../../../src/errors.ts';
import { LinearMemory } from '../../../src/memory/linear-memory.ts';
import { type Access, AccessStream } from '../../../src/workload/access-stream.ts';
import { prepareWorkload } from '../../../src/workload/prepare.ts';
import { loadWorkloads, type Workload } from '../../../src/workload/scenario.ts';

const DEVICE = 'gh200-120gb';
const spec = specFromFlags({ device: DEVICE });
const core = readFileSync(wasmPath());
const folder = mkdtempSync(join(tmpdir(), 'barometer-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => useCountedCore());

type Counts = ReturnType<typeof readWasmCounters>;
const NONE: Counts = { wasmLoads: 0, wasmStores: 0, wasmBulkOps: 0, wasmBulkBytes: 0, wasmAtomics: 0 };

const module = (bytes: Uint8Array) => new WebAssembly.Module(new Uint8Array(bytes));

/** What `run` adds to the counters of a core. */
function counted(exports: object, run: () => void): Counts {
  const before = readWasmCounters(exports);
  run();
  const after = readWasmCounters(exports);
  return Object.fromEntries(WASM_COUNTERS.map((name) => [name, after[name] - before[name]])) as Counts;
}

/** What one batch of the accesses does on a device of the reference profile. */
function batch(accesses: readonly Access[]): Counts {
  const memory = new LinearMemory(2 ** 24);
  const device = new Device(spec, 'wasm', memory, 65536);
  const stream = new AccessStream(memory, 2 * accesses.length);
  const buffer = memory.allocate(65536, 65536).address;
  for (const access of accesses) stream.put(access);
  const { core: exports } = device.model as WasmDevice;
  return counted(exports, () => exports.runBatch(stream.address, stream.count, buffer, 0));
}

const times = (n: number, access: Access) => Array<Access>(n).fill(access);

describe('the counted core', () => {
  test('was made from the core beside it', () => {
    const made = countedCore(core, `asc ${compiler.version}`);
    expect(Buffer.from(made).equals(readFileSync(countedPath()))).toBe(true);
    expect(toolchainOf(module(made))).toBe(`asc ${compiler.version}`);
  });

  test('imports the memory alone, and exports all that the core does', () => {
    const [plain, made] = [module(core), module(readFileSync(countedPath()))];
    const reflection = WebAssembly.Module as unknown as Record<
      'imports' | 'exports',
      (of: WebAssembly.Module) => { name: string }[]
    >;
    expect(reflection.imports(made)).toEqual(reflection.imports(plain));
    const names = (of: WebAssembly.Module) => reflection.exports(of).map(({ name }) => name);
    expect(names(made).sort()).toEqual([...names(plain), ...WASM_COUNTERS].sort());
  });

  test('that is missing is asked for', () => {
    expect(() => useCountedCore(join(folder, 'none.wasm'))).toThrow(BarometerError);
    expect(() => useCountedCore(join(folder, 'none.wasm'))).toThrow(/missing; build it with: npm run build/);
  });
});

/** 256 MiB take a second to fill, and run the code that 16 MiB run. */
const affordable = ({ params }: Workload) => Number(params.footprintBytes ?? 0) < 2 ** 28;

test.for(Object.entries(Object.groupBy(loadWorkloads().filter(affordable), ({ name }) => name)))(
  'counting changes no answer: %s',
  ([, workloads]) => {
    for (const workload of workloads!) {
      const prepared = prepareWorkload(workload, spec, 'wasm');
      prepared.answer();
      expect(prepared.answer(), JSON.stringify(workload.params)).toBe(
        workload.checksums[`${DEVICE}/${spec.policy}`],
      );
    }
  },
);

describe('by hand', () => {
  const read: Access = { op: OP_CONFIG_READ, width: 4, offset: 0 };

  // The batch looks at the first control word, and at the second to see whether a run begins. Each access then loads
  // its offset and its value, and all but the last the control word behind it.
  test.each([2, 100, 4096])('%i reads of a register', (n) => {
    expect(batch(times(n, read))).toEqual({ ...NONE, wasmLoads: 2 + 2 * n + (n - 1) });
  });

  // Besides these two, the size of configuration space. A write loads its offset, its value, the quirk of the register,
  // what is writable, and the old value; and all but the last the control word behind it.
  test.each([2, 100])('%i writes of a register', (n) => {
    const write: Access = { op: OP_CONFIG_WRITE, width: 4, offset: 0x3c, value: 5 };
    expect(batch(times(n, write))).toEqual({ ...NONE, wasmLoads: 3 + 5 * n + (n - 1), wasmStores: n });
  });

  test('as many as the compiled loops that the golden file describes', () => {
    const golden = readFileSync(new URL('../../golden/inner-loop.txt', import.meta.url), 'utf8');
    const perAccess = (access: Access) => {
      const [few, many] = [batch(times(100, access)), batch(times(200, access))];
      return `${(many.wasmLoads - few.wasmLoads) / 100} loads, ${(many.wasmStores - few.wasmStores) / 100} stores`;
    };
    expect(golden).toContain(`access-batch/fast inner loop 1: ${perAccess(read)}, no call`);
    const write: Access = { op: OP_CONFIG_WRITE, width: 4, offset: 0x3c, value: 5 };
    expect(golden).toContain(`access-batch/fast inner loop 2: ${perAccess(write)}, no call`);
    expect(golden).toContain(
      `access-batch/fast inner loop 0: ${perAccess({ op: OP_WALK, offset: 0 })}, no call`,
    );
  });

  test('bulk operations and their bytes', () => {
    const to = 2 ** 23;
    const copy = [
      { op: OP_DIRECT_COPY, offset: to, value: 100 },
      { op: OP_WALK, offset: 2 ** 22 },
    ];
    expect(batch(copy)).toMatchObject({ wasmStores: 0, wasmBulkOps: 1, wasmBulkBytes: 100 });
    const fill = { op: OP_DIRECT_FILL, width: 7, offset: to, value: 4096 };
    expect(batch([fill, fill])).toMatchObject({ wasmStores: 0, wasmBulkOps: 2, wasmBulkBytes: 8192 });
  });

  // 4,096 bytes at a distance of 16 modulo 4,096 take the loop of 64-byte lines: whole lines of the destination, which
  // begins 16 bytes into one, and its two ends once more, are 4 vectors each.
  test('vectors of 16 bytes', () => {
    const lines = 63 + 2;
    const from = 2 ** 22;
    const copy = [
      { op: OP_DIRECT_COPY, offset: 2 * from + 16, value: 4096 },
      { op: OP_WALK, offset: from },
    ];
    const counts = batch(copy);
    expect(counts).toMatchObject({ wasmStores: 4 * lines, wasmBulkOps: 0, wasmBulkBytes: 0 });
    const bulk = batch([{ op: OP_DIRECT_COPY, offset: 2 * from, value: 4096 }, copy[1]!]);
    expect(counts.wasmLoads - bulk.wasmLoads).toBeGreaterThanOrEqual(4 * lines);
  });

  test.each([64, 4096, 65536])('copies of a region of %i bytes move their payload', (sizeBytes) => {
    const aligned = { sizeBytes, srcOffsetBytes: 0, dstOffsetBytes: 0 };
    const workload = loadWorkloads().find(
      ({ name, params }) => name === 'region-copy' && JSON.stringify(params) === JSON.stringify(aligned),
    )!;
    const { device, operations, ...prepared } = prepareWorkload(workload, spec, 'wasm');
    const { core: exports } = device.model as WasmDevice;
    const counts = counted(exports, () =>
      exports.runBatch(prepared.accesses, prepared.accessCount, prepared.bufferAddress, 0),
    );
    expect(counts).toMatchObject({
      wasmBulkOps: operations,
      wasmBulkBytes: operations * prepared.payloadBytesPerOp!,
    });
  });
});

describe('an instruction', () => {
  /** Exports of a module whose `run` has this body, plain and counted. */
  function both(body: string) {
    const text = binaryen.parseText(`(module
      (memory (export "memory") 1 1 shared)
      (func (export "run") (result i64) ${body}))`);
    text.setFeatures(binaryen.Features.All);
    const bytes = text.emitBinary();
    text.dispose();
    const instantiate = (wasm: Uint8Array) =>
      new WebAssembly.Instance(module(wasm)).exports as { run(): bigint; memory: WebAssembly.Memory };
    return { plain: instantiate(bytes), made: instantiate(countedCore(bytes, 'none')) };
  }

  const i64 = (expression: string) => `(i64.extend_i32_u ${expression})`;
  const STORE = '(i64.store (i32.const 8) (i64.const 0x1122334455667788))';
  const LOAD = '(i64.load (i32.const 8))';

  test.each<[string, string, Partial<Counts>]>([
    ['a load', i64('(i32.load8_s offset=3 (i32.const 5))'), { wasmLoads: 1 }],
    ['a store', `${STORE} (i64.const 1)`, { wasmStores: 1 }],
    [
      'a load and a store of 16 bytes',
      `(v128.store (i32.const 16) (v128.load (i32.const 0))) (i64.const 1)`,
      { wasmLoads: 1, wasmStores: 1 },
    ],
    ['an atomic load', `${STORE} (i64.atomic.load (i32.const 8))`, { wasmLoads: 1, wasmStores: 1 }],
    ['an atomic store', '(i32.atomic.store16 (i32.const 2) (i32.const 1)) (i64.const 1)', { wasmStores: 1 }],
    [
      'an atomic addition, at an offset',
      `${STORE} ${i64('(i32.atomic.rmw.add offset=4 (i32.const 8) (i32.const 3))')} (drop) ${LOAD}`,
      { wasmLoads: 1, wasmStores: 1, wasmAtomics: 1 },
    ],
    [
      'an atomic exchange of one byte',
      `${STORE} (i64.atomic.rmw8.xchg_u (i32.const 9) (i64.const 3)) (drop) ${LOAD}`,
      { wasmLoads: 1, wasmStores: 1, wasmAtomics: 1 },
    ],
    [
      'an atomic compare and exchange',
      `(i64.atomic.rmw.cmpxchg (i32.const 8) (i64.const 0) (i64.const 9)) (drop) ${LOAD}`,
      { wasmLoads: 1, wasmAtomics: 1 },
    ],
    ['a notification', i64('(memory.atomic.notify (i32.const 8) (i32.const 1))'), { wasmAtomics: 1 }],
    [
      'a copy',
      `${STORE} (memory.copy (i32.const 12) (i32.const 8) (i32.const 5)) ${LOAD}`,
      { wasmLoads: 1, wasmStores: 1, wasmBulkOps: 1, wasmBulkBytes: 5 },
    ],
    [
      'a fill',
      '(memory.fill (i32.const 8) (i32.const 7) (i32.const 3)) (i64.load (i32.const 8))',
      { wasmLoads: 1, wasmBulkOps: 1, wasmBulkBytes: 3 },
    ],
  ])('%s', (_, body, expected) => {
    const { plain, made } = both(body);
    let answer = 0n;
    expect(counted(made, () => (answer = made.run()))).toEqual({ ...NONE, ...expected });
    expect(answer).toBe(plain.run());
    expect(Buffer.from(made.memory.buffer).equals(Buffer.from(plain.memory.buffer))).toBe(true);
  });

  test.each([
    ['v128.load32_splat', '(drop (v128.load32_splat (i32.const 0)))'],
    ['v128.store8_lane', '(v128.store8_lane 0 (i32.const 0) (v128.const i64x2 0 0))'],
  ])('%s is not counted, and ends the build', (name, body) => {
    expect(() => both(`${body} (i64.const 0)`)).toThrow(`the core has ${name}, which is not counted`);
  });
});

test('one load more in each batch is noticed', () => {
  const plain = binaryen.readBinary(core);
  const { value: name } = binaryen.getExportInfo(plain.getExport('runBatch'));
  const head = new RegExp(`\\(func \\$${name} .*\\n(?: *\\(local .*\\n)*`);
  const text = plain.emitText().replace(head, '$&(drop (i32.load (i32.const 64)))\n');
  const changed = binaryen.parseText(text);
  changed.setFeatures(binaryen.Features.All);
  const planted = join(folder, 'planted.wasm');
  writeFileSync(planted, countedCore(changed.emitBinary(), 'none'));
  plain.dispose();
  changed.dispose();

  const access: Access = { op: OP_CONFIG_READ, width: 4, offset: 0 };
  const before = batch(times(10, access));
  useCountedCore(planted);
  expect(batch(times(10, access))).toEqual({ ...before, wasmLoads: before.wasmLoads + 1 });
});
