import { specFromFlags } from '../../device/device-flags.ts';
import type { DeviceSpec } from '../../device/device-spec.ts';
import { coreModule } from '../../device/wasm/module.ts';
import { WasmDevice } from '../../device/wasm/wasm-device.ts';
import { readWasmCounters, toolchainOf } from '../../device/wasm/work-counters.ts';
import type { WorkCount } from '../../results/samples.ts';
import type { Implementation } from '../../types.ts';
import { isOfModule } from '../../workload/module-import.ts';
import { prepareWorkload } from '../../workload/prepare.ts';
import { type PreparedWorkload, UnsuitableDevice } from '../../workload/prepared.ts';
import type { Workload } from '../../workload/scenario.ts';
import { createArm } from '../arm.ts';
import { buildOf } from '../fingerprint.ts';
import type { DeviceSubject, ForkRequest, ModuleSubject } from '../fork-protocol.ts';
import { createModuleArms } from '../module-arm.ts';
import { seededWorkload } from '../prepare-arm.ts';
import type { BlockCoverage } from './block-coverage.ts';

/** What is to be counted: every workload on each implementation that can be, or every function of each version. */
export type CountRequest = DeviceCountRequest | ModuleCountRequest;

export interface DeviceCountRequest
  extends Pick<DeviceSubject, 'kind' | 'workloads' | 'implementations' | 'device' | 'version'>,
    Pick<ForkRequest, 'seed' | 'runtime'> {}

export interface ModuleCountRequest extends ModuleSubject, Pick<ForkRequest, 'runtime'> {}

type Counts = WorkCount['counts'];

const below = (path: string) => {
  const prefix = new URL(path, import.meta.url).href;
  return (url: string) => url.startsWith(prefix);
};
const SOURCES = { implementation: below('../../device/ts/'), loop: below('../timed-loop') };

/**
 * Work of one pass of each arm, free of noise. Only a process that has switched to the counted core and started
 * `coverage` before it loaded this file can do it (count-process.ts). C code and noop are not counted.
 */
export async function countWork(request: CountRequest, coverage: BlockCoverage): Promise<WorkCount[]> {
  return request.kind === 'module' ? countModules(request, coverage) : countDevice(request, coverage);
}

/** Blocks of the files of a module, and of those that it imports. */
async function countModules(
  { workloads, versions, runtime }: ModuleCountRequest,
  coverage: BlockCoverage,
): Promise<WorkCount[]> {
  const counted: WorkCount[] = [];
  for (const { path, build } of versions) {
    for (const { workload, implementation, operations, time } of await createModuleArms(path, {
      build,
      workloads,
    })) {
      const { module } = coverage.exactly(
        { module: isOfModule },
        () => {},
        () => time(1),
      );
      // WebAssembly, and code of packages: no work of theirs is seen, and none is no count.
      if (module.calls === 0) continue;
      const counts = { tsCalls: module.calls, tsBlocks: module.blocks };
      const { name, params } = workload;
      counted.push({ workload: name, params, implementation, runtime, build, operations, counts });
    }
  }
  return counted;
}

async function countDevice(request: DeviceCountRequest, coverage: BlockCoverage): Promise<WorkCount[]> {
  const counted: WorkCount[] = [];
  const spec = specFromFlags(request.device);
  for (const workload of request.workloads) {
    for (const implementation of request.implementations) {
      if (implementation !== 'wasm' && implementation !== 'ts') continue;
      try {
        counted.push(await countArm(workload, implementation, spec, request, coverage));
      } catch (error) {
        // The run itself says so in a row of its own.
        if (!(error instanceof UnsuitableDevice)) throw error;
      }
    }
  }
  return counted;
}

async function countArm(
  workload: Workload,
  implementation: Implementation,
  spec: DeviceSpec,
  { seed, runtime, version }: DeviceCountRequest,
  coverage: BlockCoverage,
): Promise<WorkCount> {
  // Without a layout drawn for it: how a copy is done depends on where its sides lie.
  const prepared = prepareWorkload(seededWorkload(workload, seed), spec, implementation);
  const { name, params } = workload;
  const setUp = prepared.beforePass ?? (() => {});
  const build = buildOf(implementation, version);
  const arm = await createArm(workload, implementation, { ...prepared, beforePass: null }, build);
  // The first pass may find registers at their reset values: what counts is what all later ones do.
  setUp();
  arm.time(1);
  const counts = countPass(prepared, coverage, setUp, () => arm.time(1));
  const toolchain = implementation === 'wasm' ? { toolchain: toolchainOf(coreModule()) } : {};
  const { operations } = prepared;
  return { workload: name, params, implementation, runtime, build, ...toolchain, operations, counts };
}

function countPass(
  { device: { model }, path }: PreparedWorkload,
  coverage: BlockCoverage,
  setUp: () => void,
  pass: () => void,
): Counts {
  const core = model instanceof WasmDevice ? model.core : null;
  const wasm: Counts = {};
  const script = coverage.exactly(SOURCES, setUp, () => {
    const before = core && readWasmCounters(core);
    pass();
    if (core) Object.assign(wasm, difference(readWasmCounters(core), before!));
  });
  const { calls, blocks } = script.implementation;
  // Calls through the library are TypeScript, whichever implementation was chosen.
  const ts = core && path !== 'library' ? {} : { tsCalls: calls, tsBlocks: blocks };
  return { ...wasm, ...ts, loopBlocks: script.loop.blocks };
}

function difference(after: Counts, before: Counts): Counts {
  return Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - before[name]!]));
}
