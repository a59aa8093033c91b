/** A protocol as words, which simulators look up in memory. Bits are those of the layout that they share. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { MESSAGE } from './codes.ts';
import { type CompiledHomeRule, type CompiledRule, compile } from './compile.ts';
import type { Protocol } from './tables.ts';

export interface ProtocolWords {
  readonly cpu: readonly number[];
  readonly gpu: readonly number[];
  readonly home: readonly number[];
}

export function protocolWords(protocol: Protocol): ProtocolWords {
  const { cpu, gpu, home } = compile(protocol);
  return { cpu: cpu.map(cacheWord), gpu: gpu.map(cacheWord), home: home.map(homeWord) };
}

function cacheWord(rule: CompiledRule | null): number {
  if (rule === null) return 0;
  return (
    layout.RULE_IS |
    rule.next |
    ((rule.send + 1) << layout.RULE_SEND_SHIFT) |
    (rule.fills ? layout.RULE_FILLS : 0) |
    (rule.performs ? layout.RULE_PERFORMS : 0) |
    (rule.acknowledges ? layout.RULE_ACKNOWLEDGES : 0)
  );
}

const MERGES = { write: 1, atomic: layout.MERGE_ATOMIC, line: 3 } as const;
const NEXT = {
  same: layout.NEXT_SAME,
  U: layout.NEXT_NOBODY,
  Ex: layout.NEXT_EXCLUSIVE,
  'Sh add': layout.NEXT_ADD,
  'Sh remove': layout.NEXT_REMOVE,
  Sh: layout.NEXT_SHARED,
} as const;

function homeWord(rule: CompiledHomeRule | null): number {
  if (rule === null) return 0;
  const snoop = rule.snoop < 0 ? 0 : 1 + rule.snoop - MESSAGE.SnpShared;
  return (
    layout.HOME_IS |
    rule.reply |
    (snoop << layout.HOME_SNOOP_SHIFT) |
    (rule.includesRequester ? layout.HOME_ASKS_ALL : 0) |
    ((rule.merges === undefined ? layout.MERGE_NOTHING : MERGES[rule.merges]) << layout.HOME_MERGES_SHIFT) |
    (NEXT[rule.next] << layout.HOME_NEXT_SHIFT) |
    (rule.untilAck ? layout.HOME_UNTIL_ACK : 0) |
    (rule.hasData ? layout.HOME_HAS_DATA : 0)
  );
}
