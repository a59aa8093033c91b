/** The words in which somebody asks for an explanation: who does what to which memory, and who has the line before it. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { UsageError } from '../../errors.ts';
import type { Memory, Side } from '../predict/scenario.ts';
import { atomicsReach } from '../predict/sharing.ts';
import type { ParameterValues } from '../profiles/parameters.ts';

/** What an agent does, as the simulator has it. */
export const EXPLAINED_OPERATIONS = {
  load: layout.ACCESS_LOAD,
  store: layout.ACCESS_STORE,
  stream: layout.ACCESS_STREAM,
  add: layout.ACCESS_ADD,
} as const;
export type ExplainedOperation = keyof typeof EXPLAINED_OPERATIONS;

/** Who has the line before the access, each with what that means. */
export const LINES = {
  nobody: 'no cache has it, memory does',
  cached: 'the cache of its home has it, no agent does',
  exclusive: 'another core has the only copy, unchanged',
  modified: 'another core has the only copy, changed',
  shared: 'two other cores have copies',
  own: 'who asks has the only copy, unchanged',
  'own-shared': 'the core that asks and another have copies',
} as const;
export type LineBefore = keyof typeof LINES;

export interface ExplainedAccess {
  readonly side: Side;
  readonly operation: ExplainedOperation;
  readonly memory: Memory;
  readonly line: LineBefore;
}

const SIDES: readonly Side[] = ['grace', 'hopper'];
const MEMORIES: readonly Memory[] = ['lpddr', 'hbm'];
const EXAMPLE = 'as in: barometer coherence explain grace load hbm';

/**
 * @param words such as `grace load hbm`, one or several of them in each text
 * @param line of `--line`
 * @throws UsageError that names the word, and what was expected
 */
export function parseAccess(words: readonly string[], line: string): ExplainedAccess {
  const given = words.flatMap((text) => text.split(/\s+/)).filter((word) => word !== '');
  if (given.length !== 3) {
    const whole = JSON.stringify(given.join(' '));
    throw new UsageError(`${whole}: expected three words, who does what to which memory, ${EXAMPLE}`);
  }
  const access = {
    side: oneOf(SIDES, given[0]!, 'who accesses'),
    operation: oneOf(keysOf(EXPLAINED_OPERATIONS), given[1]!, 'what is done'),
    memory: oneOf(MEMORIES, given[2]!, 'the memory'),
    line: oneOf(keysOf(LINES), line, '--line'),
  };
  if (access.side === 'hopper') requireHopperCan(access);
  return access;
}

function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(table) as Key[];
}

function oneOf<Word extends string>(known: readonly Word[], word: string, what: string): Word {
  const found = known.find((one) => one === word);
  if (found !== undefined) return found;
  throw new UsageError(`${JSON.stringify(word)} as ${what}: expected ${listed(known)}, ${EXAMPLE}`);
}

/** `a, b or c` */
function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function requireHopperCan({ operation, line }: ExplainedAccess): void {
  if (operation === 'stream') {
    throw new UsageError('"stream" as what hopper does: its stores leave no copy anyway; expected store');
  }
  if (line === 'own-shared') {
    throw new UsageError(
      '"own-shared" as --line of hopper: its copies are not known to any home, and nobody shares them; expected own or shared',
    );
  }
}

/** Cores beside the one that asks which have to have the line before. */
export function otherCores(line: LineBefore): number {
  if (line === 'shared') return 2;
  return line === 'exclusive' || line === 'modified' || line === 'own-shared' ? 1 : 0;
}

/** @throws UsageError where the profile has no such access, or no line like that */
export function requirePossible(
  { side, operation, memory, line }: ExplainedAccess,
  values: ParameterValues,
): void {
  if (operation === 'add' && !atomicsReach(values, side, memory)) {
    throw new UsageError(
      `${side} add ${memory}: atomics of ${side} do not reach ${memory} in this profile; expected load or store, or a profile ` +
        `with ${side === 'grace' ? 'cpu-atomics-to-device' : 'gpu-atomics-to-host'} 1`,
    );
  }
  const cores = otherCores(line) + (side === 'grace' ? 1 : 0);
  const coresHaveCopies = otherCores(line) > 0 || (line === 'own' && side === 'grace');
  if (coresHaveCopies && memory === 'hbm' && values['cpu-caches-device-memory'] === 0) {
    throw new UsageError(
      `--line ${line} of hbm: cores have no copies of it in this profile; expected nobody or cached, or a profile with ` +
        'cpu-caches-device-memory 1',
    );
  }
  if (cores > values['cpu-cores']) {
    throw new UsageError(
      `--line ${line} takes ${cores} cores and the profile has ${values['cpu-cores']}; expected another --line, or a profile ` +
        `with cpu-cores ${cores} or more`,
    );
  }
}
