/** What a watcher knows of a simulation beside its memory, and the rules that this is to follow. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { INVARIANTS, type Invariant } from '../explore/violation.ts';
import { GPU } from '../protocol/codes.ts';
import {
  type CompiledHomeRule,
  type CompiledProtocol,
  type CompiledRule,
  compile,
  ruleIndex,
} from '../protocol/compile.ts';
import { HAS_DATA, isOneOf } from '../protocol/state-sets.ts';
import type { Protocol } from '../protocol/tables.ts';
import type { SimulationView } from '../simulate/view.ts';
import { LineShadow } from './line-shadow.ts';

export class Shadow {
  readonly rules: CompiledProtocol;
  /** Cores are the first of the agents. */
  readonly cores: number;
  readonly agents: number;
  /** By the number of a rule: 1 where it was used. */
  readonly used: Uint8Array;
  /** How often each was looked at. */
  readonly checks: Record<Invariant, number>;
  readonly lines = new Map<number, LineShadow>();
  /** Rules by which homes serve transactions. */
  readonly served = new Map<number, CompiledHomeRule>();

  constructor(view: SimulationView, protocol: Protocol) {
    this.rules = compile(protocol);
    this.cores = view.word(layout.CORE_COUNT);
    this.agents = view.word(layout.AGENT_COUNT);
    this.used = new Uint8Array(this.rules.ruleNames.length);
    this.checks = Object.fromEntries(INVARIANTS.map((name) => [name, 0])) as Record<Invariant, number>;
  }

  lineOf(line: number): LineShadow {
    const known = this.lines.get(line);
    if (known !== undefined) return known;
    const made = new LineShadow(line, this.agents);
    this.lines.set(line, made);
    return made;
  }

  isGpu(agent: number): boolean {
    return agent >= this.cores;
  }

  nameOf(agent: number): string {
    return this.isGpu(agent) ? `GPU agent ${agent - this.cores}` : `core ${agent}`;
  }

  /** Null where there is none. @param event a code of EVENT */
  ruleOf(agent: number, { states }: LineShadow, event: number): CompiledRule | null {
    const rules = this.isGpu(agent) ? this.rules.gpu : this.rules.cpu;
    return rules[ruleIndex(states[agent]!, event)]!;
  }

  /** Whether there is data in the copy of an agent. */
  hasData(agent: number, { states }: LineShadow): boolean {
    return this.isGpu(agent) ? states[agent] === GPU.V : isOneOf(HAS_DATA, states[agent]!);
  }
}
