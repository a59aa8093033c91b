/**
 * What the compiled measured loop does for each access, held by rules and by a golden file.
 * After a change that is meant: npx vitest run test/golden -u
 */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { wasmPath } from '../../src/device/wasm/module.ts';
import { LinearMemory } from '../../src/memory/linear-memory.ts';
import { parseWat, type WatFunction } from './wat.ts';

const core = parseWat(readFileSync(wasmPath().replace(/\.wasm$/, '.wat'), 'utf8'));

/** The way into the batch, what it asks once per run, and where it may leave for accesses that no fast loop serves. */
const ENTRY = 'assembly/access-batch/runBatch';
const IS_FAST = /^assembly\/(access-batch|[a-z]+-runs|gates)\/(?!general$)/;
const GENERAL = 'assembly/access-batch/general';

/** Everything that the general path may call: the same functions that single calls use. */
const GENERAL_CALLS = [
  'assembly/config-space/configReadBytes',
  'assembly/config-space/configWrite',
  'assembly/copy/copyBytes',
  'assembly/region/regionCopy',
  'assembly/region/regionFill',
  'assembly/region/regionRead',
  'assembly/region/regionWrite',
];

/**
 * Eight loops (reads and writes of registers, regions flat and sparse, memory) in widths 1, 2 and 4, six in width 8,
 * and the walk; an operation may have more.
 */
const MIN_FAST_LOOPS = 8 * 3 + 6 + 1;

function fn(name: string): WatFunction {
  const found = core.functions.get(name);
  if (!found)
    throw new Error(
      `the module has no function ${name}; functions: ${[...core.functions.keys()].join(', ')}`,
    );
  return found;
}

/** Functions that the batch reaches without its general path. */
function fastFunctions(): WatFunction[] {
  const reached = new Set<string>();
  const visit = (name: string) => {
    if (reached.has(name) || name === GENERAL) return;
    reached.add(name);
    for (const callee of fn(name).calls) visit(callee);
  };
  visit(ENTRY);
  return [...reached].sort().map(fn);
}

describe('the measured loop', () => {
  const fast = fastFunctions();

  test('stays among its own functions until it leaves for the general path', () => {
    expect(fast.map(({ name }) => name).filter((name) => !IS_FAST.test(name))).toEqual([]);
    expect(fn(ENTRY).calls).toContain(GENERAL);
  });

  test('calls nothing while it serves accesses', () => {
    const loops = fast.flatMap(({ name, loops }) => loops.map((loop) => ({ name, ...loop })));
    // The loop of the entry hands out runs of accesses, to the fast loops and to the general path; the others serve them.
    const serving = loops.filter((loop) => !(loop.name === ENTRY && loop.calls.includes(GENERAL)));
    expect(loops.length - serving.length).toBe(1);
    expect(serving.length).toBeGreaterThanOrEqual(MIN_FAST_LOOPS);
    expect(serving.filter((loop) => loop.calls.length > 0)).toEqual([]);
  });

  test('leaves only for the functions that single calls use', () => {
    expect(fn(GENERAL).calls.filter((name) => !GENERAL_CALLS.includes(name))).toEqual([]);
  });

  test('has the loads and stores of the golden file', async () => {
    const lines = fast.flatMap(({ name, loops }) =>
      loops.map(({ innermost, calls, loads, stores }, i) => {
        const kind = innermost ? 'inner' : 'outer';
        const called = [...new Set(calls)].sort().map((callee) => callee.replace(/^assembly\//, ''));
        const does = [
          `${loads} loads`,
          `${stores} stores`,
          called.length > 0 ? `calls ${called.join(', ')}` : 'no call',
        ];
        return `${name.replace(/^assembly\//, '')} ${kind} loop ${i}: ${does.join(', ')}`;
      }),
    );
    const general = `access-batch/general calls ${[...fn(GENERAL).calls].sort().join(', ').replaceAll('assembly/', '')}`;
    await expect(`${[...lines, general].join('\n')}\n`).toMatchFileSnapshot('inner-loop.txt');
  });
});

describe('kernels of agents', () => {
  const kernels = [
    'agent/runDirect',
    'agent/runEmulated',
    'agent-litmus/litmus',
    'agent-messages/request',
    'agent-messages/serve',
  ];

  // An export that calls them would be asked for its own compiler tier, not for theirs.
  test('are in the functions that the module exports', () => {
    for (const name of kernels) {
      const { loops } = fn(`assembly/${name}`);
      expect(loops.length).toBeGreaterThan(0);
      expect(core.fields.some((field) => field.includes(`(func $assembly/${name})`))).toBe(true);
    }
    const others = [...core.functions.values()].filter(
      ({ name, loops }) => /^assembly\/agent/.test(name) && loops.length > 0,
    );
    expect(others.map(({ name }) => name.replace('assembly/', '')).sort()).toEqual(kernels.toSorted());
  });

  test('straight on memory call nothing in their loops', () => {
    expect(fn('assembly/agent/runDirect').loops.flatMap(({ calls }) => calls)).toEqual([]);
  });
});

describe('the module', () => {
  const instructions = new Set([...core.functions.values()].flatMap((each) => [...each.instructions]));

  test('cannot allocate', () => {
    const allocator = /^memory\.grow$|^memory\.init$|^table\.|^call_indirect$|^ref\./;
    expect([...instructions].filter((instruction) => allocator.test(instruction))).toEqual([]);
    expect([...core.functions.keys()].filter((name) => /alloc|__new|__pin|^~lib\/rt/.test(name))).toEqual([]);
  });

  test('imports its memory and nothing else', () => {
    const imports = core.fields.filter((field) => field.startsWith('(import'));
    expect(imports).toHaveLength(1);
    expect(imports[0]).toMatch(/^\(import "env" "memory" \(memory /);
  });

  test('holds no data, table or start function', () => {
    expect(core.fields.filter((field) => /^\((data|table|elem|start|memory)\b/.test(field))).toEqual([]);
  });

  test('is the one that the text describes', () => {
    const names = [...new Set(core.fields.flatMap((field) => /^\(export "([^"]+)"/.exec(field)?.[1] ?? []))];
    const { memory } = new LinearMemory(65536);
    const module = new WebAssembly.Module(readFileSync(wasmPath()));
    const exported = Object.keys(new WebAssembly.Instance(module, { env: { memory } }).exports);
    expect(exported.sort()).toEqual(names.sort());
  });
});
