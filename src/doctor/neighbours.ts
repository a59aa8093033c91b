import { formatNs, formatPercent } from '../units.ts';
import { CANNOT } from './change.ts';
import { bad, type Finding, ok, unknown, warn } from './finding.ts';
import { BUSY_FIX } from './load.ts';
import type { Machine } from './machine.ts';
import { timePieces } from './pieces.ts';
import { wholeNumber } from './text.ts';

/** Pieces of the first moments are slower: V8 has to compile them. */
const WARM_UP_MS = 50;
const PROBE_MS = 500;
/** A piece takes about 0.1 ms; a timer tick takes a few µs of one. What takes longer by more was disturbed. */
const STRETCHED = 1.1;
/** The default margin of a verdict: what is lost below it does not decide one. */
const CALM_SHARE = 0.01;
/** From here on the disturbed samples are so many that medians move. */
const BUSY_SHARE = 0.1;

interface Loss {
  readonly lostNs: number;
  readonly lostShare: number;
  readonly stretchedShare: number;
  readonly longestNs: number;
}

/**
 * Time that others take from a program that wants to run: equal pieces of work, timed one after the other on the core
 * that the process happens to be on. It needs registers alone, so that it sees stolen time and changes of the
 * frequency, and not who shares the caches.
 */
export function neighbours(machine: Machine): Finding {
  timePieces(machine, WARM_UP_MS);
  const waitedBefore = waitedNs(machine);
  const durations = timePieces(machine, PROBE_MS);
  const waitedAfter = waitedNs(machine);
  const loss = lossOf(durations);
  if (loss === null) return unknown('the clock does not get on');
  const value =
    `${formatPercent(loss.lostShare)} of ${PROBE_MS} ms lost, ${formatPercent(loss.stretchedShare)} of ` +
    `${durations.length} pieces stretched by 10% or more, longest gap ${formatNs(loss.longestNs)}`;
  if (loss.lostShare <= CALM_SHARE) return ok(value);
  const judge = loss.lostShare > BUSY_SHARE ? bad : warn;
  const effect = 'what else runs stops samples in the middle: they get long without a cause in them';
  // Null where the kernel does not count, or counts nothing.
  if (waitedBefore === null || waitedAfter === null || waitedAfter === 0) {
    return judge(value, { effect, fix: `${BUSY_FIX}; what the host of a virtual machine takes ${CANNOT}` });
  }
  const ownShare = Math.min(1, Math.max(0, waitedAfter - waitedBefore) / loss.lostNs);
  const isOwn = ownShare >= 0.5;
  return judge(`${value}; ${formatPercent(ownShare)} of it to programs in here`, {
    effect,
    fix: isOwn ? BUSY_FIX : `${CANNOT}: interrupts and the host of a virtual machine took it; ${ELSEWHERE}`,
  });
}

const ELSEWHERE = 'repeat at a quieter time, or run on a machine of its own';

/** Against the median piece, which is taken for an undisturbed one; null where pieces take no time. */
function lossOf(durations: Float64Array): Loss | null {
  const medianNs = durations.toSorted()[durations.length >> 1] ?? 0;
  if (!(medianNs > 0)) return null;
  const totalNs = durations.reduce((sum, ns) => sum + ns, 0);
  const stretched = durations.filter((ns) => ns > STRETCHED * medianNs);
  const lostNs = stretched.reduce((sum, ns) => sum + ns - medianNs, 0);
  return {
    lostNs,
    lostShare: lostNs / totalNs,
    stretchedShare: stretched.length / durations.length,
    longestNs: stretched.reduce((longest, ns) => Math.max(longest, ns - medianNs), 0),
  };
}

/** Time that this thread was ready to run and another one ran: the second number of its schedstat. */
function waitedNs({ readFile }: Machine): number | null {
  return wholeNumber(readFile('/proc/thread-self/schedstat')?.trim().split(' ')[1]);
}
