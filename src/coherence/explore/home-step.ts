/** What homes do: put requests for a line in order, have copies given up, reply. */
import { MESSAGE, VIEW } from '../protocol/codes.ts';
import { type CompiledHomeRule, type CompiledProtocol, homeRuleIndex } from '../protocol/compile.ts';
import { REQUESTS, VIEWS } from '../protocol/names.ts';
import { checkHandedOut, nextValue, setNewest } from './values.ts';
import { Violation } from './violation.ts';
import { HELD, HOME, type InFlight, REPLIED, type World } from './world.ts';

type Rules = CompiledProtocol['home'];

/** A request comes to an open line. Returns the rule for it. @throws Violation */
export function requested(
  rules: Rules,
  world: World,
  { message: request, agent, line, value }: InFlight,
): CompiledHomeRule {
  const view = viewOf(world, agent, line);
  const rule = homeRule(rules, request, view);
  world.setHome(line, HOME.serving, 1 + request);
  world.setHome(line, HOME.requester, agent);
  world.setHome(line, HOME.brought, value);
  world.setHome(line, HOME.view, view);
  const asked = rule.snoop < 0 ? 0 : askedBy(world, agent, line, rule);
  for (let core = 0; core < world.size.cpuCount; core++) {
    if ((asked >> core) & 1) world.send({ message: rule.snoop, agent: core, line, value: 0 });
  }
  world.setHome(line, HOME.awaited, asked);
  if (asked === 0 || !rule.waits) reply(world, line, rule);
  return rule;
}

/** A holder has given up what it was asked for. @throws Violation */
export function answered(rules: Rules, world: World, { message, agent, line, value }: InFlight): void {
  const awaited = world.home(line, HOME.awaited);
  if (((awaited >> agent) & 1) === 0) {
    throw new Violation('conservation', `line ${line}: an answer of core ${agent} that nobody waits for`);
  }
  if (message === MESSAGE.SnpRespData) world.setHome(line, HOME.memory, value);
  world.setHome(line, HOME.awaited, awaited & ~(1 << agent));
  if (awaited !== 1 << agent) return;
  if (world.home(line, HOME.replied) !== REPLIED.not) openWhenDone(world, line);
  else {
    const request = world.home(line, HOME.serving) - 1;
    reply(world, line, homeRule(rules, request, world.home(line, HOME.view)));
  }
}

function homeRule(rules: Rules, request: number, view: number): CompiledHomeRule {
  const rule = rules[homeRuleIndex(request, view)]!;
  if (rule !== null) return rule;
  throw new Violation('unreachable pair', `home: ${REQUESTS[request]} in ${VIEWS[view]}`);
}

function viewOf(world: World, agent: number, line: number): number {
  const held = world.home(line, HOME.held);
  if (held === HELD.nobody) return VIEW.U;
  const isHolder = ((world.home(line, HOME.holders) >> agent) & 1) === 1;
  if (held === HELD.shared) return isHolder ? VIEW['Sh with'] : VIEW['Sh without'];
  return isHolder ? VIEW['Ex own'] : VIEW['Ex other'];
}

function askedBy(world: World, agent: number, line: number, rule: CompiledHomeRule): number {
  const holders = world.home(line, HOME.holders);
  return rule.includesRequester ? holders : holders & ~(1 << agent);
}

/** What the request came for is done here: no other order of it and its neighbours is possible any more. */
function reply(world: World, line: number, rule: CompiledHomeRule): void {
  const requester = world.home(line, HOME.requester);
  const held = world.home(line, HOME.memory);
  if (rule.hasData) checkHandedOut(world, line, held);
  if (rule.merges !== undefined) merge(world, line, rule.merges, held);
  settle(world, line, rule.next, requester);
  world.setHome(line, HOME.replied, rule.untilAck ? REPLIED.unacknowledged : REPLIED.done);
  world.send({ message: rule.reply, agent: requester, line, value: rule.hasData ? held : 0 });
  openWhenDone(world, line);
}

function merge(world: World, line: number, what: 'write' | 'atomic' | 'line', held: number): void {
  const written = what === 'atomic' ? nextValue(world, held) : world.home(line, HOME.brought);
  world.setHome(line, HOME.memory, written);
  if (what !== 'line') setNewest(world, line, written);
}

function settle(world: World, line: number, next: CompiledHomeRule['next'], requester: number): void {
  const bit = 1 << requester;
  const holders = world.home(line, HOME.holders);
  if (next === 'U') hold(world, line, HELD.nobody, 0);
  else if (next === 'Ex') hold(world, line, HELD.exclusive, bit);
  else if (next === 'Sh add') hold(world, line, HELD.shared, holders | bit);
  else if (next === 'Sh') hold(world, line, HELD.shared, holders);
  else if (next === 'Sh remove') {
    hold(world, line, holders === bit ? HELD.nobody : HELD.shared, holders & ~bit);
  }
}

function hold(world: World, line: number, held: number, holders: number): void {
  world.setHome(line, HOME.held, held);
  world.setHome(line, HOME.holders, holders);
}

/** Who asked has what it asked for. @throws Violation */
export function acknowledged(world: World, { agent, line }: InFlight): void {
  const replied = world.home(line, HOME.replied);
  if (replied !== REPLIED.unacknowledged || world.home(line, HOME.requester) !== agent) {
    throw new Violation('conservation', `line ${line}: an acknowledgement that nobody waits for`);
  }
  world.setHome(line, HOME.replied, REPLIED.done);
  openWhenDone(world, line);
}

/** Nothing of a request stays behind, so that states that mean the same are the same. */
function openWhenDone(world: World, line: number): void {
  if (world.home(line, HOME.replied) !== REPLIED.done || world.home(line, HOME.awaited) !== 0) return;
  world.setHome(line, HOME.serving, 0);
  world.setHome(line, HOME.requester, 0);
  world.setHome(line, HOME.brought, 0);
  world.setHome(line, HOME.replied, REPLIED.not);
  world.setHome(line, HOME.view, 0);
}
