/** `barometer replay LOG`: accesses that were logged, through our device, and whether it answers as the log says. */
import { createReadStream, statSync } from 'node:fs';
import { type DeviceFlags, specFromFlags } from '../device/device-flags.ts';

import { EXIT, UnavailableImplementation, UsageError } from '../errors.ts';
import { type AccessCost, accessCost } from '../replay/access-cost.ts';
import { type Replayed, replayLog } from '../replay/replay-log.ts';
import { Replayer } from '../replay/replayer.ts';
import { jsonText } from '../report/json-text.ts';
import { formatBytes, formatCount } from '../units.ts';
import { openServed, SERVED_IMPLEMENTATIONS, type ServedImplementation } from '../vfio-user/open-served.ts';
import type { ServedDevice } from '../vfio-user/served-device.ts';
import { namesOf } from './device-option.ts';
import { listenForInterrupts } from './measured-run.ts';
import { ProgressLine } from './progress.ts';
import { replayJson, replayText } from './replay-text.ts';

export interface ReplayFlags extends DeviceFlags {
  readonly impl: string;
  /** Name of the device in the log; the first one's unless given. */
  readonly of?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What one implementation made of the log. */
export interface ImplementationReplay {
  readonly implementation: ServedImplementation;
  /** Null where this machine lacks it. */
  readonly replayer: Replayer | null;
  readonly reason: string | null;
  readonly cost: AccessCost | null;
}

const STDIN = '-';
const PROGRESS_BYTES = 2 ** 20;

/** Returns the exit code: 5 where any answer differs. @throws UsageError for a log that cannot be read, or asks nothing */
export async function replay(log: string, flags: ReplayFlags): Promise<number> {
  const implementations = namesOf(flags.impl, SERVED_IMPLEMENTATIONS, '--impl');
  const spec = specFromFlags(flags);
  const { chunks, sizeBytes } = openLog(log);
  const opened = implementations.map((implementation) => ({
    implementation,
    ...open(() => openServed(spec, implementation)),
  }));
  const interrupt = listenForInterrupts();
  const line = new ProgressLine(process.stderr, flags.quiet ?? false);
  const running = opened.map(({ device, ...rest }) => ({
    ...rest,
    device,
    replayer: device && new Replayer(device),
  }));
  const replayers = running.flatMap(({ replayer }) => replayer ?? []);
  if (replayers.length === 0) throw new UsageError(`--impl ${flags.impl}: ${opened[0]!.reason}`);
  let shownBytes = 0;
  try {
    const replayed = await replayLog(chunks, replayers, {
      name: log,
      of: flags.of ?? null,
      signal: interrupt.signal,
      progress: (endBytes, lines) => {
        if (endBytes - shownBytes < PROGRESS_BYTES) return;
        shownBytes = endBytes;
        line.say(progressText(endBytes, sizeBytes, lines));
      },
    });
    line.clear();
    if (!interrupt.signal.aborted) expectAccesses(replayed, log, flags);
    line.say('timing');
    const results = running.map(({ implementation, device, replayer, reason }) => ({
      ...{ implementation, replayer, reason },
      cost: device && !interrupt.signal.aborted ? accessCost(device, replayed.first) : null,
    }));
    line.clear();
    const about = { log, device: flags.device, policy: spec.policy };
    process.stdout.write(
      flags.json ? jsonText(replayJson(about, replayed, results)) : replayText(about, replayed, results),
    );
    if (interrupt.signal.aborted) return EXIT.interrupted;
  } finally {
    line.clear();
    interrupt.dispose();
  }
  return replayers.some(({ differenceCount }) => differenceCount > 0) ? EXIT.wrongAnswer : EXIT.ok;
}

function open(make: () => ServedDevice): { device: ServedDevice | null; reason: string | null } {
  try {
    return { device: make(), reason: null };
  } catch (error) {
    if (!(error instanceof UnavailableImplementation)) throw error;
    return { device: null, reason: error.message };
  }
}

function openLog(path: string): { chunks: AsyncIterable<Uint8Array>; sizeBytes: number | null } {
  if (path === STDIN) return { chunks: process.stdin, sizeBytes: null };
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw new UsageError(`${path} is a folder; expected a QEMU trace log`);
    return {
      chunks: createReadStream(path, { highWaterMark: 2 ** 18 }),
      sizeBytes: stat.isFile() ? stat.size : null,
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(
      `${path} cannot be read: ${code}; expected a QEMU trace log, or - for standard input`,
    );
  }
}

/** A log of nothing agrees with everything. */
function expectAccesses({ counts, device }: Replayed, log: string, { of }: ReplayFlags): void {
  if (counts.reads + counts.writes > 0) return;
  const where = of === undefined ? '' : ` of a device ${JSON.stringify(of)}`;
  const what = device === null || counts.resets === 0 ? 'no access' : 'resets and no access';
  throw new UsageError(
    `${log}: ${formatCount(counts.lines)} lines and ${what}${where}; expected lines as QEMU logs them with -trace 'vfio_*', or as serve --record does`,
  );
}

function progressText(endBytes: number, sizeBytes: number | null, lines: number): string {
  const share = sizeBytes
    ? `${Math.floor((100 * endBytes) / sizeBytes)} % of ${formatBytes(sizeBytes)}`
    : formatBytes(endBytes);
  return `replay  ${share}, ${formatCount(lines)} lines`;
}
