/** What holds of a line after every event, whatever the tables say. Copies of GPU agents are not tracked and not part of it. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { Violation } from '../explore/violation.ts';
import { CPU_STATES } from '../protocol/names.ts';
import { CHANGEABLE, isOneOf, MAY_OWN, MAY_SHARE, OWES_DATA, READABLE } from '../protocol/state-sets.ts';
import type { LineRecord } from '../simulate/view.ts';
import type { LineShadow } from './line-shadow.ts';
import type { Shadow } from './shadow.ts';

/** @param record of the home, or null where it has none @throws Violation */
export function checkLine(shadow: Shadow, line: LineShadow, record: LineRecord | null): void {
  checkSingleWriter(shadow, line);
  checkDirectory(shadow, line, record);
  checkUpToDate(shadow, line);
}

/** One copy that may be changed and no other, or any number that may not. */
function checkSingleWriter({ cores, checks }: Shadow, { line, states }: LineShadow): void {
  checks['single writer']++;
  let writers = 0;
  let readers = 0;
  for (let core = 0; core < cores; core++) {
    if (isOneOf(CHANGEABLE, states[core]!)) writers++;
    else if (isOneOf(READABLE, states[core]!)) readers++;
  }
  if (writers === 0 || writers + readers === 1) return;
  throw new Violation(
    'single writer',
    `line ${line} can be changed in ${writers} caches and read in ${readers} others`,
  );
}

/** Of every copy the home knows. Of a line that is open everyone whom it knows has a copy, or it is on its way. */
function checkDirectory(
  { cores, checks }: Shadow,
  { line, states }: LineShadow,
  record: LineRecord | null,
): void {
  checks.directory++;
  const isExclusive = record?.held === layout.HELD_EXCLUSIVE;
  const isOpen = record === null || record.serving === 0;
  for (let core = 0; core < cores; core++) {
    const state = states[core]!;
    const wrong = (known: string) =>
      new Violation('directory', `core ${core} has line ${line} in ${CPU_STATES[state]} and ${known}`);
    const isHolder = record?.holders.includes(core) ?? false;
    if (isOneOf(CHANGEABLE | READABLE, state) && !isHolder) throw wrong('is not known to have it');
    if (!isHolder) continue;
    if (isOneOf(CHANGEABLE, state) && !isExclusive) throw wrong('is known to share it');
    if (isOpen && !isOneOf(isExclusive ? MAY_OWN : MAY_SHARE, state)) throw wrong('is known to have it');
  }
}

/** The newest version is in memory, or with the core that owes it, or on its way from there. */
function checkUpToDate(
  { cores, checks }: Shadow,
  { line, newest, memory, states, versions, answers }: LineShadow,
): void {
  checks['up-to-date place']++;
  if (memory === newest) return;
  for (let core = 0; core < cores; core++) {
    if (isOneOf(OWES_DATA, states[core]!) && versions[core] === newest) return;
  }
  for (const version of answers.values()) if (version === newest) return;
  throw new Violation('up-to-date place', `nobody has the newest version ${newest} of line ${line}`);
}
