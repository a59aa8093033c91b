/** A core of the simulator that is watched: after every event all is checked that has to hold. The simulation goes the same way. */
import * as layout from '../../../assembly/coherence/layout.ts';
import type { SimulationPlan } from '../simulate/plan.ts';
import type { SimulatorCore } from '../simulate/simulator-core.ts';
import { SimulationView } from '../simulate/view.ts';
import { Watched } from './watched.ts';

/** Runs stop before an event for these, and go on when there is more room. */
const BEFORE_AN_EVENT: readonly number[] = [layout.STOP_DIRECTORY, layout.STOP_SLOTS];

export class Watcher implements SimulatorCore {
  readonly #core: SimulatorCore;
  readonly #plan: Pick<SimulationPlan, 'values' | 'protocol'>;
  #view = new SimulationView(new DataView(new ArrayBuffer(0)));
  #watched: Watched | undefined;

  /** @param plan of the simulation that is to run on it */
  constructor(core: SimulatorCore, plan: Pick<SimulationPlan, 'values' | 'protocol'>) {
    this.#core = core;
    this.#plan = plan;
  }

  /** What was found so far. */
  get watched(): Watched {
    if (this.#watched === undefined)
      throw new RangeError('nothing was watched: the simulation has not started');
    return this.#watched;
  }

  grow(byteLength: number): ArrayBuffer {
    const buffer = this.#core.grow(byteLength);
    this.#view = new SimulationView(new DataView(buffer));
    return buffer;
  }

  start(): void {
    this.#core.start();
    this.#watched = new Watched(this.#view, this.#plan);
  }

  /** @throws Violation */
  run(maxEvents: number): number {
    const { watched } = this;
    for (let events = 0; events < maxEvents; events++) {
      const before = watched.look(this.#view);
      const stop = this.#core.run(1);
      if (before !== null && !BEFORE_AN_EVENT.includes(stop)) watched.follow(this.#view, before, stop);
      if (stop === layout.STOP_DONE) watched.end(this.#view);
      if (stop !== layout.STOP_EVENTS) return stop;
    }
    return layout.STOP_EVENTS;
  }
}
