/**
 * A log's accesses to memory, by a core of the model, one after the other: an access that a virtual machine monitor makes for
 * a virtual CPU ends before the next begins. The lines of one access overlap.
 */
import * as layout from '../../../assembly/coherence/layout.ts';
import type { MakeCore } from '../../coherence/predict/run.ts';
import type { ParameterValues } from '../../coherence/profiles/parameters.ts';
import { PROTOCOL } from '../../coherence/protocol/protocol.ts';
import { LINE_BYTES } from '../../coherence/simulate/lay-side.ts';
import { Simulation, type SimulationResult } from '../../coherence/simulate/simulation.ts';
import { LineQueue, NotYet } from './line-queue.ts';
import type { MemoryMap } from './memory-map.ts';

export interface RegionCounts {
  readonly region: number;
  reads: number;
  writes: number;
  /** Within the region's memory. */
  bytes: number;
}

/** Accesses that are none to memory of the model, by why. */
export interface Skipped {
  config: number;
  /** Of regions that are no memory, or that the device has not. */
  registers: number;
  /** Of memory that cores do not cache. */
  uncached: number;
  /** Behind the end of a region's memory, or of the model's 128 GiB. */
  outside: number;
}

const CHUNK = 4096;

export class ModelledReplay {
  readonly skipped: Skipped = { config: 0, registers: 0, uncached: 0, outside: 0 };
  private readonly byRegion = new Map<number, RegionCounts>();
  private readonly map: MemoryMap;
  private readonly queue = new LineQueue();
  private readonly start: () => Simulation;
  private simulation: Simulation | null = null;

  constructor(map: MemoryMap, values: ParameterValues, makeCore: MakeCore) {
    this.map = map;
    const machine = { values, protocol: PROTOCOL, cores: 1, gpuAgents: 0 };
    const plan = { ...machine, chunk: CHUNK, contents: 'empty' } as const;
    this.start = () => new Simulation(makeCore(), plan, [this.queue]);
  }

  get regions(): readonly RegionCounts[] {
    return [...this.byRegion.values()].sort((a, b) => a.region - b.region);
  }

  /** One access of the log: to memory of the model, or counted among those that are not. */
  add(isWrite: boolean, regionIndex: number, offset: number, bytes: number): void {
    const region = this.map.get(regionIndex) ?? 'registers';
    if (typeof region === 'string') {
      this.skipped[region]++;
      return;
    }
    const end = Math.min(offset + bytes, region.sizeBytes);
    if (end <= offset) {
      this.skipped.outside++;
      return;
    }
    this.count(regionIndex, isWrite, end - offset);
    const operation = isWrite ? layout.ACCESS_STORE : layout.ACCESS_LOAD;
    const first = region.firstLine + Math.floor(offset / LINE_BYTES);
    const last = region.firstLine + Math.floor((end - 1) / LINE_BYTES);
    this.queue.push(first, operation | layout.ACCESS_DEPENDS);
    for (let line = first + 1; line <= last; line++) this.queue.push(line, operation);
  }

  private count(region: number, isWrite: boolean, bytes: number): void {
    let counts = this.byRegion.get(region);
    if (counts === undefined) {
      counts = { region, reads: 0, writes: 0, bytes: 0 };
      this.byRegion.set(region, counts);
    }
    if (isWrite) counts.writes++;
    else counts.reads++;
    counts.bytes += bytes;
  }

  /** Simulates as far as what was added goes. Returns whether there is more to do at once. */
  advance(): boolean {
    if (this.simulation === null && this.queue.length === 0) return false;
    this.simulation ??= this.start();
    try {
      return this.simulation.advance();
    } catch (error) {
      if (error instanceof NotYet) return false;
      throw error;
    }
  }

  /** Nothing more is added. */
  end(): void {
    this.queue.end();
  }

  /** So far; null before the first access to memory. */
  result(): SimulationResult | null {
    return this.simulation?.result() ?? null;
  }
}
