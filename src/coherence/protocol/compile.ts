/** A protocol as arrays, for those who go through many states. */
import { MESSAGE } from './codes.ts';
import { CPU_STATES, EVENTS, GPU_STATES, REQUESTS, VIEWS } from './names.ts';
import type { CacheRule, CacheTable, HomeRule, HomeTable, Protocol } from './tables.ts';

export interface CompiledRule {
  /** Its number among all rules of the protocol. */
  readonly id: number;
  /** State. */
  readonly next: number;
  /** Message, or -1. */
  readonly send: number;
  readonly fills: boolean;
  readonly performs: boolean;
  readonly acknowledges: boolean;
}

export interface CompiledHomeRule extends Omit<HomeRule, 'reply' | 'snoop'> {
  readonly id: number;
  readonly reply: number;
  readonly hasData: boolean;
  /** Message, or -1. */
  readonly snoop: number;
  readonly includesRequester: boolean;
}

export interface CompiledProtocol {
  /** Of `ruleIndex`; null where there is no rule. */
  readonly cpu: readonly (CompiledRule | null)[];
  readonly gpu: readonly (CompiledRule | null)[];
  /** Of `homeRuleIndex`. */
  readonly home: readonly (CompiledHomeRule | null)[];
  /** By number: `cpu: Load in I`. */
  readonly ruleNames: readonly string[];
}

export const ruleIndex = (state: number, event: number): number => state * EVENTS.length + event;
export const homeRuleIndex = (request: number, view: number): number => request * VIEWS.length + view;

export function compile({ cpu, gpu, home }: Protocol): CompiledProtocol {
  const ruleNames: string[] = [];
  const idOf = (name: string): number => ruleNames.push(name) - 1;
  return {
    cpu: cacheRules(cpu, CPU_STATES, (pair) => idOf(`core: ${pair}`)),
    gpu: cacheRules(gpu, GPU_STATES, (pair) => idOf(`GPU agent: ${pair}`)),
    home: homeRules(home, (pair) => idOf(`home: ${pair}`)),
    ruleNames,
  };
}

function cacheRules<State extends string>(
  table: CacheTable<State>,
  states: readonly State[],
  idOf: (pair: string) => number,
): (CompiledRule | null)[] {
  return states.flatMap((state) =>
    EVENTS.map((event) => {
      const rule: CacheRule<State> | undefined = table[state][event];
      if (rule === undefined) return null;
      return {
        id: idOf(`${event} in ${state}`),
        next: states.indexOf(rule.next),
        send: rule.send === undefined ? -1 : MESSAGE[rule.send],
        fills: rule.fills ?? false,
        performs: rule.performs ?? false,
        acknowledges: rule.acknowledges ?? false,
      };
    }),
  );
}

function homeRules(table: HomeTable, idOf: (pair: string) => number): (CompiledHomeRule | null)[] {
  return REQUESTS.flatMap((request) =>
    VIEWS.map((view) => {
      const rule = table[request][view];
      if (rule === undefined) return null;
      const { snoop, reply } = rule;
      return {
        ...rule,
        id: idOf(`${request} in ${view}`),
        reply: MESSAGE[reply],
        hasData: reply.startsWith('CompData'),
        snoop: snoop === undefined ? -1 : MESSAGE[snoop.how],
        includesRequester: snoop?.whom === 'all',
      };
    }),
  );
}
