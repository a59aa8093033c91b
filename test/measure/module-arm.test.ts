import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { warmUp } from '../../src/measure/calibrate-batch.ts';
import { createModuleArms } from '../../src/measure/module-arm.ts';
import { temporaryFolder } from '../e2e/barometer.ts';
import { HOSTILE_MODULES, type HostileModule, writeModule } from '../workload/hostile-modules.ts';
import { measureModules, startMeasuring } from './module-child.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/module/${name}`, import.meta.url));
const MY_BENCH = fixture('my-bench.ts');
const SQUARES = { name: 'squares', params: {}, operations: 1000 };

/** Answer of the timed path's one pass. */
function answerOf(arm: Awaited<ReturnType<typeof createModuleArms>>[number]): string {
  return arm.answer(() => arm.time(1).checksum);
}

describe('the arms of a module', () => {
  test('are one for each function and its parameters, as they were asked for', async () => {
    const total = { name: 'total', params: { sizeBytes: 512 }, operations: 30 };
    const arms = await createModuleArms(MY_BENCH, { build: 'b', workloads: [total, SQUARES] });
    expect(arms).toMatchObject([
      { workload: { name: 'total', params: { sizeBytes: 512 } }, implementation: 'module', build: 'b' },
      { workload: { name: 'squares', params: {} }, operations: 1000 },
    ]);
    expect(arms.map((arm) => arm.payloadBytesPerOp)).toEqual([512, null]);
    expect(arms.map((arm) => arm.trafficBytesPerOp)).toEqual([null, null]);
  });

  test('find operations for what has none, and for everything where nothing is named', async () => {
    const arms = await createModuleArms(MY_BENCH, { build: 'b' });
    expect(arms.map((arm) => arm.workload.name)).toEqual(['squares', 'total', 'total']);
    expect(arms.filter((arm) => Math.log2(arm.operations) % 1 !== 0)).toEqual([]);
  });

  test('of which the user fixes the operations are never asked for one alone', async () => {
    const [fixed] = await createModuleArms(fixture('fixed.ts'), { build: 'b' });
    expect([fixed!.operations, fixed!.single]).toEqual([4096, null]);
    const [squares] = await createModuleArms(MY_BENCH, { build: 'b', workloads: [SQUARES] });
    expect(squares!.single!.operations).toBe(1);
  });

  test('are said to be under way one by one, since all of them may take long', async () => {
    const names: string[] = [];
    await createModuleArms(MY_BENCH, { build: 'b', started: ({ name }) => names.push(name) });
    expect(names).toEqual(['squares', 'total', 'total']);
  });

  test('answer by n, in every arm and every pass alike', async () => {
    const ask = async (operations: number) => {
      const [arm] = await createModuleArms(MY_BENCH, { build: 'b', workloads: [{ ...SQUARES, operations }] });
      arm!.time(5);
      return answerOf(arm!);
    };
    const answer = await ask(1000);
    expect(answer).toMatch(/^[0-9a-f]{8}$/);
    expect(await ask(1000)).toBe(answer);
    expect(await ask(1001)).not.toBe(answer);
  });

  test('share no feedback: a twin of a hot arm starts cold, and its tier is proved', async () => {
    const [hot, cold] = await createModuleArms(MY_BENCH, { build: 'b', workloads: [SQUARES, SQUARES] });
    for (let attempt = 0; attempt < 20 && hot!.tier() !== 'turbofan'; attempt++) {
      warmUp(hot!, 60);
      await new Promise(setImmediate);
    }
    expect(hot!.tier()).toBe('turbofan');
    expect(cold!.tier()).not.toBe('turbofan');
  });

  test('of functions in WebAssembly state their tier too', async () => {
    const [arm] = await createModuleArms(fixture('in-wasm.ts'), { build: 'b' });
    for (let attempt = 0; attempt < 20 && arm!.tier() !== 'turbofan'; attempt++) {
      warmUp(arm!, 60);
      await new Promise(setImmediate);
    }
    expect(arm!.tier()).toBe('turbofan');
  });

  test.each([
    [
      { ...SQUARES, name: 'square' },
      'exports no function "square"; did you mean "squares"? Its functions are',
    ],
    [{ ...SQUARES, params: { a: 1 } }, 'squares has no parameters {"a":1}; it has {}'],
  ])('are refused where the module has no %j', async (workload, message) => {
    await expect(createModuleArms(MY_BENCH, { build: 'b', workloads: [workload] })).rejects.toThrow(message);
  });
});

const NUMBER = 'expected a number that depends on the work, so that every answer can be checked';

/** What is said of each, after the path. Those that end their process are below. */
const OUTCOMES: Partial<Record<HostileModule, string | RegExp>> = {
  'syntax.ts': /^cannot be imported: SyntaxError.*: .* \(syntax\.ts:2\)$/,
  'syntax.mjs': /^cannot be imported: SyntaxError: .*; `node --check ".*syntax\.mjs"` shows where$/,
  'enum.ts': /^cannot be imported: .* \(enum\.ts:1\); Node removes types and generates no code: no enum, /,
  'missing-import.mjs':
    /^cannot be imported: .*; relative imports need their extension, as in ".\/parser\.ts"/,
  'throws-on-import.ts': 'cannot be imported: TypeError: no \u001b[31mway (throws-on-import.ts:2:9)',
  'throws-null.mjs': 'cannot be imported: null',
  'throws-untextable.mjs': 'cannot be imported: a thrown object that has no text',
  'throws-in-setup.ts': 'f threw in its setup: Error: no data (throws-in-setup.ts:4:21)',
  'rejects-in-setup.mjs': 'f threw in its setup: Error: no data (rejects-in-setup.mjs:2:60)',
  'throws-on-third-call.mjs': 'f threw in call 3: RangeError: enough (throws-on-third-call.mjs:3:28)',
  'throws-on-tenth-call.mjs':
    'f threw while it was timed: RangeError: enough (throws-on-tenth-call.mjs:3:29)',
  'changes.mjs':
    /^f does not do the same work each time: it returned 0, and with the same arguments 1\. Expected/,
  'changes-later.mjs':
    /^f does not do the same work each time: it returned 1, and with the same arguments 2\./,
  'undefined.ts': `f returned nothing (undefined); ${NUMBER}`,
  'nan.mjs': `f returned NaN; ${NUMBER}`,
  'bigint.mjs': `f returned a bigint (Number(BigInt.asIntN(32, it)) is a number); ${NUMBER}`,
  'promise.mjs': /^f returned a promise: a timed window has no room for the event loop.*Await in its setup/,
  'async.ts': /^f is async: a timed window has no room for the event loop.*await in its setup/,
  'generator.mjs': 'f is a generator; expected a function that returns a number',
  'bound.mjs': /^f is built in, bound or a proxy, .*; export a function that calls it n times$/,
  'proxy.mjs': /^f is built in, bound or a proxy, /,
  'at-once.mjs': /^f is done at once even with n = 1073741824; expected n operations: /,
  'empty.mjs': /^exports no function; expected an exported function that does n operations, as in: /,
  'nothing.ts': /^exports no function; /,
  'unknown-option.mjs': /^barometer\.total: .*"param"; expected options by the names of functions, /,
  'unknown-function.mjs': 'exports no function "totl"; did you mean "total"? Its functions are total',
  'same-params.mjs': 'barometer.f.params: {"b":2,"a":1} is there twice: expected each of them once',
  'bytes.mjs': 'payloadBytesPerOp of f returned -1; expected bytes, 0 or more',
};
const MEASURED = ['with bom.ts', 'a \u001b[31mred\u001b[0m ?name#100%.ts'] as const;
const ENDING = ['exits.mjs', 'exits-when-called.mjs', 'waits-forever.mjs'] as const;
const ENDLESS = ['endless.mjs', 'endless-when-called.mjs'] as const;

describe('a hostile module', () => {
  const names = [...(Object.keys(OUTCOMES) as HostileModule[]), ...MEASURED];
  const outcomes: Partial<Record<HostileModule, string>> = {};

  beforeAll(() => {
    using folder = temporaryFolder();
    const paths = names.map((name) => writeModule(folder.path, name));
    const found = measureModules(paths);
    names.forEach((name, i) => {
      outcomes[name] = found[paths[i]!]!.replace(`${paths[i]}: `, '');
    });
  });

  test('is here for every name', () => {
    expect([...names, ...ENDING, ...ENDLESS].sort()).toEqual(Object.keys(HOSTILE_MODULES).sort());
  });

  test.each(Object.entries(OUTCOMES))('%s is a usage error', (name, expected) => {
    const outcome = outcomes[name as HostileModule]!;
    expect(outcome).toMatch(/^UsageError: /);
    const message = outcome.slice('UsageError: '.length);
    if (typeof expected === 'string') expect(message).toBe(expected);
    else expect(message).toMatch(expected);
  });

  test.each(MEASURED)('%j is measured: its name and its first bytes do not matter', (name) => {
    expect(outcomes[name]).toBe('f is measured');
  });

  test.each([
    ['exits.mjs', 3],
    ['exits-when-called.mjs', 0],
    ['waits-forever.mjs', 13],
  ] as const)('%s takes its own process along and nothing else', async (name, exitCode) => {
    using folder = temporaryFolder();
    const child = startMeasuring(writeModule(folder.path, name));
    const [code, signal] = await once(child, 'exit');
    expect([code, signal]).toEqual([exitCode, null]);
  });

  test.each(ENDLESS)('%s can be killed', async (name) => {
    using folder = temporaryFolder();
    const child = startMeasuring(writeModule(folder.path, name));
    const ended = once(child, 'exit');
    expect(String(await once(child.stdout!, 'data'))).toBe('endless\n');
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
  });
});
