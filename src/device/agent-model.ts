import { AGENT_EMULATED, KERNEL_GUPS, KERNEL_REQUEST, KERNEL_SERVE } from '../../assembly/layout.ts';
import { UnavailableImplementation } from '../errors.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { DeviceSpec } from './device-spec.ts';
import { selectedNative } from './native/native-device.ts';
import { AccessBatch } from './ts/access-batch.ts';
import { Agent } from './ts/agent.ts';
import { ConfigSpace } from './ts/config-space.ts';
import { Regions } from './ts/regions.ts';
import { attachCore } from './wasm/module.ts';

/** Implementations that have agents. */
export const AGENT_IMPLEMENTATIONS = ['wasm', 'ts', 'native'] as const;
export type AgentImplementation = (typeof AGENT_IMPLEMENTATIONS)[number];

/** What one agent does on the shared memory. */
export interface AgentModel {
  /**
   * Does operations of the kernel that the block at this address names (assembly/layout.ts, AGENT_), and leaves there where
   * it goes on. Returns the operations done: fewer where it waited for another agent and was told to stop.
   */
  run(blockAddress: number, operations: number): number;
  /** Functions in which a kernel spends its time, so that their compiler tier can be asked; none of native code. */
  codeOf(kernel: number, isEmulated: boolean): readonly unknown[];
}

/** An agent beside a device that another thread has built in this memory, where `stateBlock` describes it. */
export function attachAgent(
  implementation: AgentImplementation,
  memory: LinearMemory,
  stateBlock: number,
  spec: DeviceSpec,
): AgentModel {
  if (implementation === 'wasm') {
    const core = attachCore(memory.memory, stateBlock);
    return {
      run: (block, operations) => {
        const isEmulated = memory.i32[(block + AGENT_EMULATED) >>> 2] !== 0;
        return (isEmulated ? core.runEmulated(block, operations) : core.runDirect(block, operations)) >>> 0;
      },
      codeOf: (kernel, isEmulated) => {
        if (kernel === KERNEL_REQUEST) return [core.request];
        if (kernel === KERNEL_SERVE) return [core.serve, core.runBatch];
        if (kernel > KERNEL_GUPS) return [core.litmus];
        return [isEmulated ? core.runEmulated : core.runDirect];
      },
    };
  }
  if (implementation === 'native') {
    const native = selectedNative();
    if (!native.available) throw new UnavailableImplementation('native', native.reason);
    const core = native.addon.attach(memory.u8, stateBlock);
    return { run: (block, operations) => core.runAgent(block, operations), codeOf: () => [] };
  }
  const config = new ConfigSpace(memory, stateBlock, spec);
  const regions = new Regions(memory, stateBlock, spec, config);
  return new Agent(memory, regions, new AccessBatch(memory, stateBlock, config, regions));
}
