import { formatPercent } from '../units.ts';
import { CANNOT } from './change.ts';
import { bad, type Finding, ok, unknown, warn } from './finding.ts';
import type { Machine } from './machine.ts';
import { timePieces } from './pieces.ts';
import { wholeNumber } from './text.ts';

/** Some 50 ticks of 10 ms, short enough to wait for. */
const INTERVAL_MS = 500;
/** user nice system idle iowait irq softirq steal; guest time is part of user. */
const COLUMNS = 8;
const IDLE = 3;
const IOWAIT = 4;
const STEAL = 7;
/** A single tick of the core that is kept busy is 2 %. */
const CALM_SHARE = 0.02;
const BUSY_SHARE = 0.1;

const TROUBLE = {
  effect: 'the host runs other guests when this one wants to run: samples get long without a cause in here',
  fix: `${CANNOT}; repeat at a quieter time, or run on a machine of its own (a dedicated or bare-metal instance)`,
};

/**
 * CPU time that the hypervisor gave to others, of the time that was asked for. One core is kept busy meanwhile: nothing
 * is stolen from who sleeps.
 */
export function steal(machine: Machine): Finding {
  const { readFile } = machine;
  const before = ticksOf(readFile('/proc/stat'));
  if (before === null) return unknown('not told');
  timePieces(machine, INTERVAL_MS);
  const after = ticksOf(readFile('/proc/stat'));
  const spent = after?.map((ticks, i) => ticks - before[i]!) ?? [];
  const share = stolenOf(spent);
  if (share === null) return unknown('the counters of /proc/stat make no sense');
  const value = `${formatPercent(share)} of the time that was asked for in ${INTERVAL_MS} ms`;
  if (share > BUSY_SHARE) return bad(value, TROUBLE);
  return share > CALM_SHARE ? warn(value, TROUBLE) : ok(value);
}

/** The same since the machine started; null where it does not tell. */
export function stolenShare(readFile: Machine['readFile']): number | null {
  return stolenOf(ticksOf(readFile('/proc/stat')) ?? []);
}

/** Null for ticks that cannot be. */
function stolenOf(ticks: readonly number[]): number | null {
  const total = ticks.reduce((sum, count) => sum + count, 0);
  if (total <= 0 || ticks.some((count) => count < 0)) return null;
  const asked = total - ticks[IDLE]! - ticks[IOWAIT]!;
  return asked === 0 ? 0 : ticks[STEAL]! / asked;
}

/** Ticks of all CPUs together, by what they went to. */
function ticksOf(stat: string | null): number[] | null {
  const [label, ...words] = (stat ?? '').split('\n', 1)[0]!.split(/\s+/);
  const ticks = words.slice(0, COLUMNS).map(wholeNumber);
  const isWhole = label === 'cpu' && ticks.length === COLUMNS && ticks.every((count) => count !== null);
  return isWhole ? (ticks as number[]) : null;
}
