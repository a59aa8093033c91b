import { specFromFlags } from '../../device/device-flags.ts';
import type { DeviceSpec } from '../../device/device-spec.ts';
import { coreModule } from '../../device/wasm/module.ts';
import { WasmDevice } from '../../device/wasm/wasm-device.ts';
import { readWasmCounters, toolchainOf } from '../../device/wasm/work-counters.ts';
import type { WorkCount } from '../../results/samples.ts';
import type { Implementation } from '../../types.ts';
import { prepareWorkload } from '../../workload/prepare.ts';
import { type PreparedWorkload, UnsuitableDevice } from '../../workload/prepared.ts';
import type { Workload } from '../../workload/scenario.ts';
import { createArm } from '../arm.ts';
import { buildOf } from '../fingerprint.ts';
import type { DeviceSubject, ForkRequest } from '../fork-protocol.ts';
import { seededWorkload } from '../prepare-arm.ts';
import type { BlockCoverage } from './block-coverage.ts';

/** What is to be counted: every workload on each implementation that can be. */
export interface CountRequest
  extends Pick<DeviceSubject, 'workloads' | 'implementations' | 'device' | 'version'>,
    Pick<ForkRequest, 'seed' | 'runtime'> {}

type Counts = WorkCount['counts'];

const SOURCES = {
  implementation: new URL('../../device/ts/', import.meta.url).href,
  loop: new URL('../timed-loop', import.meta.url).href,
};

/**
 * Work of one pass of each arm, free of noise. Only a process that has switched to the counted core and started
 * `coverage` before it loaded this file can do it (count-process.ts). C code and noop are not counted.
 */
export async function countWork(request: CountRequest, coverage: BlockCoverage): Promise<WorkCount[]> {
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
  { seed, runtime, version }: CountRequest,
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
