/** A whole log through one device or several: what was asked, what was compared, and where an answer differs. */
import { SMALL_ACCESS_BYTES } from '../vfio-user/served-device.ts';
import { type LogAccess, parseLogLine } from '../workload/log-line.ts';
import { bitsOfDevice } from '../workload/qemu-answers.ts';
import { MOST_TIMED_ACCESSES } from './access-cost.ts';
import { logLines } from './log-lines.ts';
import type { Replayer } from './replayer.ts';

export interface ReplayCounts {
  lines: number;
  reads: number;
  writes: number;
  resets: number;
  /** Reads whose answer QEMU gives from its own copy, in a log of QEMU's. */
  answeredByQemu: number;
  /** Lines that ask nothing of a device. */
  otherLines: number;
  /** Accesses and resets of other devices than the one that is replayed. */
  otherDevices: number;
}

export interface Replayed {
  readonly counts: ReplayCounts;
  /** As the log names it; null where it asks nothing of any. */
  readonly device: string | null;
  /** Why it went no further than to a line that is malformed; null where there is none. */
  readonly malformed: string | null;
  /** Small ones from the beginning of the log, for timing. */
  readonly first: readonly LogAccess[];
}

export interface ReplayOptions {
  /** What to call the log in messages. */
  readonly name: string;
  /** Of the device to replay; that of the first access where it is null. */
  readonly of: string | null;
  readonly signal: AbortSignal;
  /** Is told how far it is. */
  readonly progress: (endBytes: number, lines: number) => void;
}

/** Lines up to a malformed one, or an interruption, are replayed. */
export async function replayLog(
  chunks: AsyncIterable<Uint8Array>,
  replayers: readonly Replayer[],
  { name, of, signal, progress }: ReplayOptions,
): Promise<Replayed> {
  const counts = {
    lines: 0,
    reads: 0,
    writes: 0,
    resets: 0,
    answeredByQemu: 0,
    otherLines: 0,
    otherDevices: 0,
  };
  const first: LogAccess[] = [];
  let device = of;
  let malformed: string | null = null;
  for await (const lines of logLines(chunks)) {
    if (signal.aborted) break;
    for (const { number, text } of lines) {
      counts.lines++;
      const logged = parseLogLine(text);
      if (logged !== null && 'error' in logged) {
        malformed = `${name}:${number}: ${logged.error}`;
        break;
      }
      if (logged === null || (logged.type !== 'access' && logged.type !== 'reset')) {
        counts.otherLines++;
        continue;
      }
      device ??= logged.device;
      if (logged.device !== device) {
        counts.otherDevices++;
        continue;
      }
      if (logged.type === 'reset') {
        counts.resets++;
        for (const replayer of replayers) replayer.reset(logged.kind);
        continue;
      }
      if (logged.isWrite) counts.writes++;
      else counts.reads++;
      if (bitsOfDevice(logged)?.every((bits) => bits === 0)) counts.answeredByQemu++;
      for (const replayer of replayers) replayer.add(number, logged);
      if (first.length < MOST_TIMED_ACCESSES && logged.data.length <= SMALL_ACCESS_BYTES) first.push(logged);
    }
    if (malformed !== null) break;
    progress(lines.at(-1)!.endBytes, counts.lines);
  }
  for (const replayer of replayers) replayer.run();
  return { counts, device, first, malformed };
}
