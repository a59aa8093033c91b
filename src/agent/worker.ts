/** A worker of the pool: one thread, one agent. A task is one window, or its part of a litmus test: piscina names which. */
import { workerData } from 'piscina';
import * as layout from '../../assembly/layout.ts';
import { type AgentImplementation, attachAgent } from '../device/agent-model.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import { useCoreModule } from '../device/wasm/module.ts';
import { Histogram } from '../histogram/histogram.ts';
import { scriptTier, wasmTier } from '../measure/tier.ts';
import { LinearMemory } from '../memory/linear-memory.ts';
import type { Tier } from '../results/samples.ts';
import { Control } from './control.ts';
import { type LitmusPart, type LitmusPartResult, runLitmusPart } from './litmus/trials.ts';
import { pinThread } from './pinning.ts';
import { runPart, type WindowPart, type WindowPartResult } from './window.ts';

/** What the agents of a pool share. */
export interface Shared {
  readonly memory: WebAssembly.Memory;
  /** The core, compiled once. */
  readonly module: WebAssembly.Module;
  readonly implementation: AgentImplementation;
  readonly stateBlock: number;
  readonly spec: DeviceSpec;
  readonly controlAddress: number;
  readonly agentCount: number;
  /** Processors for the threads, one each; none where they are not pinned. */
  readonly processors: readonly number[];
}

export interface PoolTask {
  readonly part: WindowPart;
  /** Address of a histogram row that takes the times of chunks. */
  readonly timesAddress: number;
}

/** Parts of all agents: each thread has its own, so that an agent is always on the same processor. */
export interface Parts<Part> {
  readonly parts: readonly Part[];
}

const shared = workerData as Shared;
useCoreModule(shared.module);
const memory = new LinearMemory(shared.memory);
const agent = attachAgent(shared.implementation, memory, shared.stateBlock, shared.spec);
const control = new Control(memory, shared.controlAddress, shared.agentCount);

const agentIdx = control.join();
const processor = shared.processors[agentIdx];
const notPinned = processor === undefined ? null : pinThread(processor);

export interface PoolResult extends WindowPartResult {
  readonly agentIdx: number;
  /** Compiler tier in which the kernel ended. */
  readonly tier: Tier;
  /** The processor that the agent was pinned to; null where it was not. */
  readonly processor: number | null;
  /** Why pinning failed. */
  readonly notPinned: string | null;
}

export default function runTask({ parts }: Parts<PoolTask>): PoolResult {
  const { part, timesAddress } = parts[agentIdx]!;
  const times = Histogram.attach({ buffer: memory.memory.buffer, byteOffset: timesAddress });
  const pinned = processor === undefined || notPinned !== null ? null : processor;
  const result = runPart(agent, control, part, times);
  return { ...result, agentIdx, tier: tierOf(part.blockAddress), processor: pinned, notPinned };
}

export interface LitmusResult extends LitmusPartResult {
  readonly agentIdx: number;
  readonly tier: Tier;
  readonly notPinned: string | null;
}

export function litmus({ parts }: Parts<LitmusPart>): LitmusResult {
  const part = parts[agentIdx]!;
  const result = runLitmusPart(agent, memory, control, part);
  return { ...result, agentIdx, tier: tierOf(part.blockAddress), notPinned };
}

function tierOf(block: number): Tier {
  if (shared.implementation === 'native') return 'native';
  const field = (at: number) => memory.view.getUint32(block + at, true);
  const code = agent.codeOf(field(layout.AGENT_KERNEL), field(layout.AGENT_EMULATED) !== 0);
  if (shared.implementation === 'ts') return scriptTier(code);
  const tiers = new Set(code.map(wasmTier));
  return tiers.size === 1 ? [...tiers][0]! : 'mixed';
}
