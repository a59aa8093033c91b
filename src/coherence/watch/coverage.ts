/** Pairs of state and event of the three tables: which came up, and which cannot. */
import { compile } from '../protocol/compile.ts';
import type { Protocol } from '../protocol/tables.ts';

export const TABLES = ['core', 'GPU agent', 'home'] as const;

const NEVER_KEPT = 'a core that loads so keeps no copies of that memory';

/** Pairs that the simulator does not come to, each with why. The explorer, whose cores load either way, comes to all. */
export const OUT_OF_REACH: Readonly<Record<string, string>> = {
  'core: LoadUncached in S': NEVER_KEPT,
  'core: LoadUncached in E': NEVER_KEPT,
  'core: LoadUncached in M': NEVER_KEPT,
};

export interface Coverage {
  readonly table: (typeof TABLES)[number];
  readonly pairs: number;
  readonly seen: number;
  /** Those that were not, with the reason, and without one. */
  readonly outOfReach: readonly { readonly pair: string; readonly reason: string }[];
  readonly unseen: readonly string[];
}

/** @param used of several runs of `protocol`, by the number of a rule */
export function coverageOf(protocol: Protocol, used: readonly Uint8Array[]): Coverage[] {
  const names = compile(protocol).ruleNames.map((name, id) => ({
    name,
    isUsed: used.some((run) => run[id] === 1),
  }));
  return TABLES.map((table) => {
    const pairs = names.filter(({ name }) => name.startsWith(`${table}: `));
    const missing = pairs.filter(({ isUsed }) => !isUsed).map(({ name }) => name);
    return {
      table,
      pairs: pairs.length,
      seen: pairs.length - missing.length,
      outOfReach: missing.flatMap((pair) => {
        const reason = OUT_OF_REACH[pair];
        return reason === undefined ? [] : [{ pair, reason }];
      }),
      unseen: missing.filter((pair) => !(pair in OUT_OF_REACH)),
    };
  });
}
