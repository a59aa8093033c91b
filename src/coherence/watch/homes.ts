/** What homes do, followed by the tables from the messages that they send. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { Violation } from '../explore/violation.ts';
import { VIEW } from '../protocol/codes.ts';
import { type CompiledHomeRule, homeRuleIndex } from '../protocol/compile.ts';
import type { LineRecord } from '../simulate/view.ts';
import { expectNewest, writeMemory } from './data-value.ts';
import type { LineShadow } from './line-shadow.ts';
import type { Shadow } from './shadow.ts';
import type { Sent, SlotFields } from './slot-fields.ts';

/** Who has a copy, as a home knows. */
export type Holding = Pick<LineRecord, 'held' | 'holders'>;

/** Of a line that no home has heard of. */
export const NOBODY: Holding = { held: layout.HELD_NOBODY, holders: [] };

/**
 * In one event a home may serve several requests of a line, one after the other.
 * @param before who had a copy @param transactionOf fields of a transaction by its slot @throws Violation
 */
export function served(
  shadow: Shadow,
  line: LineShadow,
  before: Holding,
  { sent, transactionOf }: { readonly sent: readonly Sent[]; transactionOf(slot: number): SlotFields },
): void {
  let holding = before;
  for (const { arrives, fields } of sent) {
    const isReply = arrives === layout.EVENT_REPLY;
    const transaction = isReply ? fields : transactionOf(fields.parent);
    const rule = shadow.served.get(transaction.slot) ?? serves(shadow, transaction, holding);
    if (!isReply) continue;
    shadow.served.delete(transaction.slot);
    replies(shadow, line, transaction, rule);
    holding = settled(holding, rule.next, transaction.agent);
  }
}

/** A request comes to an open line. */
function serves(
  shadow: Shadow,
  { slot, agent, message, line }: SlotFields,
  holding: Holding,
): CompiledHomeRule {
  const rule = shadow.rules.home[homeRuleIndex(message, viewOf(holding, agent))];
  if (!rule) throw new Violation('conservation', `a message of the home of line ${line} that no rule sends`);
  shadow.used[rule.id] = 1;
  shadow.served.set(slot, rule);
  return rule;
}

function viewOf({ held, holders }: Holding, agent: number): number {
  if (held === layout.HELD_NOBODY) return VIEW.U;
  const isOwn = holders.includes(agent);
  if (held === layout.HELD_SHARED) return isOwn ? VIEW['Sh with'] : VIEW['Sh without'];
  return isOwn ? VIEW['Ex own'] : VIEW['Ex other'];
}

/** What the request came for is done here. @throws Violation */
function replies(
  shadow: Shadow,
  line: LineShadow,
  { slot }: SlotFields,
  { merges, hasData }: CompiledHomeRule,
): void {
  if (hasData) expectNewest(shadow, line, line.memory, 'memory, which is handed out,');
  if (merges === 'line') line.memory = line.carried.get(slot)!;
  else if (merges !== undefined) writeMemory(shadow, line);
  line.carried.set(slot, line.memory);
}

function settled({ held, holders }: Holding, next: CompiledHomeRule['next'], agent: number): Holding {
  if (next === 'same') return { held, holders };
  if (next === 'U') return NOBODY;
  if (next === 'Ex') return { held: layout.HELD_EXCLUSIVE, holders: [agent] };
  const left = next === 'Sh remove' ? holders.filter((core) => core !== agent) : holders;
  const all = next === 'Sh add' ? [...left, agent] : left;
  return { held: all.length === 0 ? layout.HELD_NOBODY : layout.HELD_SHARED, holders: all };
}

/** An answer came: what it brings is in memory. */
export function answered(line: LineShadow, { slot, hasData }: SlotFields): void {
  if (hasData) line.memory = line.answers.get(slot)!;
  line.answers.delete(slot);
}
