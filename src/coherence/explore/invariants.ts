/** What holds in every state of a small world. What is read and handed out is checked where it happens. */
import { MESSAGE } from '../protocol/codes.ts';
import { MESSAGES, REQUESTS } from '../protocol/names.ts';
import { CHANGEABLE, isOneOf, MAY_OWN, MAY_SHARE, OWES_DATA, READABLE } from '../protocol/state-sets.ts';
import { stateName } from './values.ts';
import { Violation } from './violation.ts';
import { COPY, HELD, HOME, type World } from './world.ts';

/** @throws Violation */
export function checkState(world: World): void {
  for (let line = 0; line < world.size.lineCount; line++) {
    checkSingleWriter(world, line);
    checkDirectory(world, line);
    checkUpToDate(world, line);
  }
}

function isIn(world: World, core: number, line: number, states: number): boolean {
  return isOneOf(states, world.copy(core, line, COPY.state));
}

/** One copy that may be changed and no other, or any number that may not. Copies of GPU agents are not tracked. */
function checkSingleWriter(world: World, line: number): void {
  let writers = 0;
  let readers = 0;
  for (let core = 0; core < world.size.cpuCount; core++) {
    if (isIn(world, core, line, CHANGEABLE)) writers++;
    if (isIn(world, core, line, READABLE)) readers++;
  }
  if (writers + readers <= 1 || writers === 0) return;
  throw new Violation(
    'single writer',
    `line ${line} can be changed in ${writers} caches and read in ${readers}`,
  );
}

/**
 * Of every copy the home knows, or it has asked for it and waits for the answer. Of a line that is not being served
 * everyone whom the home knows has a copy, or it is on its way.
 */
function checkDirectory(world: World, line: number): void {
  const isExclusive = world.home(line, HOME.held) === HELD.exclusive;
  const holders = world.home(line, HOME.holders);
  const known = holders | world.home(line, HOME.awaited);
  const isOpen = world.home(line, HOME.serving) === 0;
  for (let core = 0; core < world.size.cpuCount; core++) {
    const isCertain = isIn(world, core, line, CHANGEABLE | READABLE);
    if (isCertain && ((known >> core) & 1) === 0) throw wrong(world, core, line, 'is not known to have it');
    if (((holders >> core) & 1) === 0) continue;
    if (!isExclusive && isIn(world, core, line, CHANGEABLE))
      throw wrong(world, core, line, 'is known to share it');
    if (!isOpen) continue;
    if (isIn(world, core, line, isExclusive ? MAY_OWN : MAY_SHARE)) continue;
    throw wrong(world, core, line, 'is known to have it');
  }
}

function wrong(world: World, core: number, line: number, known: string): Violation {
  return new Violation(
    'directory',
    `core ${core} has line ${line} in ${stateName(world, core, line)} and ${known}`,
  );
}

/** The newest value is in memory, or with the core that owes it, or on its way from there. */
function checkUpToDate(world: World, line: number): void {
  const newest = world.home(line, HOME.newest);
  if (world.home(line, HOME.memory) === newest) return;
  for (let core = 0; core < world.size.cpuCount; core++) {
    if (isIn(world, core, line, OWES_DATA) && world.copy(core, line, COPY.value) === newest) return;
  }
  for (let i = 0; i < world.messageCount; i++) {
    const { message, line: of, value } = world.messageAt(i);
    if (message === MESSAGE.SnpRespData && of === line && value === newest) return;
  }
  throw new Violation('up-to-date place', `nobody has the newest value ${newest} of line ${line}`);
}

/** Where nothing can happen of itself any more: nobody waits, no line is closed, nothing is on its way. @throws Violation */
export function checkRest(world: World): void {
  for (let line = 0; line < world.size.lineCount; line++) {
    for (let agent = 0; agent < world.agentCount; agent++) {
      if (world.copy(agent, line, COPY.pending) === 0) continue;
      throw new Violation('progress', `agent ${agent} waits for ever for line ${line}`);
    }
    const request = world.home(line, HOME.serving) - 1;
    if (request >= 0)
      throw new Violation('progress', `line ${line} is closed for ever for ${REQUESTS[request]}`);
  }
  if (world.messageCount === 0) return;
  throw new Violation('conservation', `nobody takes ${MESSAGES[world.messageAt(0).message]}`);
}
