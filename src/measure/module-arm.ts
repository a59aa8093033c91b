import { UsageError } from '../errors.ts';
import type { Tier } from '../results/samples.ts';
import { digestWords } from '../workload/answer.ts';
import { describeModule, importFunctions, type ModuleWorkload } from '../workload/module.ts';
import {
  isWasmFunction,
  MAX_OPERATIONS,
  type ModuleFunction,
  paramsKey,
  paramsOf,
  unknownFunction,
} from '../workload/module-exports.ts';
import { moduleThrew } from '../workload/module-failure.ts';
import type { ModuleParams } from '../workload/module-types.ts';
import type { MeasuredArm } from './arm.ts';
import { calibrateOperations } from './calibrate-operations.ts';
import type { SingleOperations } from './latency.ts';
import { loadTimedLoop } from './load-timed-loop.ts';
import { scriptTier, wasmTier } from './tier.ts';

/** Who answers in the rows of workload modules. */
export const MODULE_IMPLEMENTATION = 'module';
/** Calls before any clock starts that must agree. */
const TRIAL_CALLS = 3;

export interface ModuleArmsRequest {
  /** Which version of the module it is, for the rows: see `moduleBuild`. */
  readonly build: string;
  /**
   * What is wanted, in this order; everything where it is left out. Operations that are null are calibrated: hand
   * the `operations` of the arms on to every other process and version, since answers depend on them.
   */
  readonly workloads?: readonly ModuleWorkload[];
  /** Called before each of them: all together may take long. */
  readonly started?: (workload: ModuleWorkload) => void;
}

/**
 * Arms of a workload module, each from an import of its own. Runs the user's code: it may not come back.
 * @throws UsageError where the module or one of its functions cannot be measured
 */
export async function createModuleArms(
  path: string,
  { build, workloads, started }: ModuleArmsRequest,
): Promise<MeasuredArm[]> {
  const arms: MeasuredArm[] = [];
  for (const workload of workloads ?? (await describeModule(path))) {
    started?.(workload);
    arms.push(await createModuleArm(path, workload, build));
  }
  return arms;
}

async function createModuleArm(path: string, workload: ModuleWorkload, build: string): Promise<MeasuredArm> {
  const { name, params } = workload;
  const subject = find(await importFunctions(path), workload, path);
  const state = await setUp(subject, params, path);
  const { call } = subject;
  /** One call, whose answer is a number. */
  const ask = (n: number, which: string): number => {
    let answer: unknown;
    try {
      answer = call(n, state);
    } catch (error) {
      throw moduleThrew(path, `${name} threw in ${which}`, error);
    }
    return expectNumber(answer, path, name);
  };
  const operations = workload.operations ?? calibrate(subject, ask, path);
  const expected = ask(operations, 'call 1');
  for (let i = 2; i <= TRIAL_CALLS; i++) {
    const answer = ask(operations, `call ${i}`);
    if (answer !== expected) throw notTheSame(path, name, expected, answer);
  }
  const { timeFunction } = await loadTimedLoop();
  const timed = { call, operations, state, expected };
  const checksum = digestNumber(expected);
  return {
    workload: { name, params: { ...params } },
    implementation: MODULE_IMPLEMENTATION,
    build,
    operations,
    payloadBytesPerOp: bytesPerOp(subject, 'payloadBytesPerOp', params, path),
    trafficBytesPerOp: bytesPerOp(subject, 'trafficBytesPerOp', params, path),
    time(passes) {
      const { durationNs, answer } = guarded(() => timeFunction(timed, passes), path, name);
      if (answer !== expected) throw notTheSame(path, name, expected, expectNumber(answer, path, name));
      return { durationNs, checksum };
    },
    single: subject.options.operations === undefined ? oneByOne(subject, state, path) : null,
    tier: tierOf(call),
    answer: (pass) => pass().toString(16).padStart(8, '0'),
    stateDigest: () => 0,
  };
}

/** Where the user fixes the number of operations, one alone may mean nothing. */
function oneByOne({ name, call }: ModuleFunction, state: unknown, path: string): SingleOperations {
  const run = () => guarded(() => digestNumber(expectNumber(call(1, state), path, name)), path, name);
  return { operations: 1, beforePass: null, run };
}

function find(
  functions: readonly ModuleFunction[],
  { name, params }: ModuleWorkload,
  path: string,
): ModuleFunction {
  const names = functions.map((known) => known.name);
  const found = functions.find((known) => known.name === name);
  if (!found) throw new UsageError(`${path}: ${unknownFunction(name, names)}`);
  const known = paramsOf(found);
  if (known.some((each) => paramsKey(each) === paramsKey(params))) return found;
  const list = known.map((each) => JSON.stringify(each)).join(', ');
  throw new UsageError(`${path}: ${name} has no parameters ${JSON.stringify(params)}; it has ${list}`);
}

/** What the function works on: what its set-up makes of the parameters, or the parameters themselves. */
async function setUp(
  { name, options }: ModuleFunction,
  params: ModuleParams,
  path: string,
): Promise<unknown> {
  if (!options.setup) return params;
  try {
    return await options.setup(params);
  } catch (error) {
    throw moduleThrew(path, `${name} threw in its setup`, error);
  }
}

function calibrate({ name }: ModuleFunction, ask: (n: number, when: string) => number, path: string): number {
  const operations = calibrateOperations((n) => ask(n, `a call with n = ${n}`), MAX_OPERATIONS);
  if (operations !== null) return operations;
  throw new UsageError(
    `${path}: ${name} is done at once even with n = ${MAX_OPERATIONS}; expected n operations: either it ignores n, ` +
      'or V8 saw that its work changes nothing. Return a number that depends on all of the work',
  );
}

/** @throws UsageError that says what to return instead */
function expectNumber(answer: unknown, path: string, name: string): number {
  if (typeof answer === 'number' && !Number.isNaN(answer)) return answer;
  const expected = 'expected a number that depends on the work, so that every answer can be checked';
  if (isThenable(answer)) {
    if (answer instanceof Promise) answer.catch(() => {}); // what becomes of it is nobody's concern
    throw new UsageError(
      `${path}: ${name} returned a promise: a timed window has no room for the event loop, whose turns would be ` +
        `timed too; ${expected}. Await in its setup, which is not timed`,
    );
  }
  throw new UsageError(`${path}: ${name} returned ${kindOf(answer)}; ${expected}`);
}

function isThenable(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'then' in answer;
}

function kindOf(answer: unknown): string {
  if (answer === undefined) return 'nothing (undefined)';
  if (answer === null || typeof answer === 'boolean' || typeof answer === 'number') return String(answer);
  if (typeof answer === 'bigint') return 'a bigint (Number(BigInt.asIntN(32, it)) is a number)';
  return typeof answer === 'object' ? 'an object' : `a ${typeof answer}`;
}

function notTheSame(path: string, name: string, before: number, now: number): UsageError {
  return new UsageError(
    `${path}: ${name} does not do the same work each time: it returned ${before}, and with the same arguments ${now}. ` +
      'Expected the same answer from every call: begin each one with the same state, without a clock or Math.random()',
  );
}

function bytesPerOp(
  { name, options }: ModuleFunction,
  which: 'payloadBytesPerOp' | 'trafficBytesPerOp',
  params: ModuleParams,
  path: string,
): number | null {
  if (!options[which]) return null;
  let bytes: unknown;
  try {
    bytes = options[which](params);
  } catch (error) {
    throw moduleThrew(path, `${name} threw in its ${which}`, error);
  }
  if (typeof bytes === 'number' && Number.isFinite(bytes) && bytes >= 0) return bytes;
  throw new UsageError(`${path}: ${which} of ${name} returned ${kindOf(bytes)}; expected bytes, 0 or more`);
}

function guarded<T>(timed: () => T, path: string, name: string): T {
  try {
    return timed();
  } catch (error) {
    throw moduleThrew(path, `${name} threw while it was timed`, error);
  }
}

/**
 * Tier of the exported function itself; V8 is not asked about what it calls. Where V8 inlines it into the timed loop,
 * it had to be hot by itself before.
 */
function tierOf(call: ModuleFunction['call']): () => Tier {
  return isWasmFunction(call) ? () => wasmTier(call) : () => scriptTier([call]);
}

/** Digest of all 64 bits of a number; 0 and -0 are one. */
function digestNumber(value: number): number {
  const words = new Int32Array(new Float64Array([value + 0]).buffer);
  return digestWords(words, 0, words.byteLength, 0) >>> 0;
}
