/** `barometer replay LOG`: accesses that were logged, through our device, and whether it answers as the log says. */
import { type DeviceFlags, specFromFlags } from '../device/device-flags.ts';
import { EXIT, UnavailableImplementation, UsageError } from '../errors.ts';
import { type AccessCost, accessCost } from '../replay/access-cost.ts';
import { type Replayed, replayLog } from '../replay/replay-log.ts';
import { Replayer } from '../replay/replayer.ts';
import { jsonText } from '../report/json-text.ts';
import { formatCount } from '../units.ts';
import { openServed, SERVED_IMPLEMENTATIONS, type ServedImplementation } from '../vfio-user/open-served.ts';
import type { ServedDevice } from '../vfio-user/served-device.ts';
import { namesOf } from './device-option.ts';
import { chunksOf, logName, openLog, progressOf } from './log-input.ts';
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

/** Returns the exit code: 5 where any answer differs. @throws UsageError for a log that cannot be read, or asks nothing */
export async function replay(log: string, flags: ReplayFlags): Promise<number> {
  const implementations = namesOf(flags.impl, SERVED_IMPLEMENTATIONS, '--impl');
  const spec = specFromFlags(flags);
  const opened = implementations.map((implementation) => ({
    implementation,
    ...open(() => openServed(spec, implementation)),
  }));
  const interrupt = listenForInterrupts();
  const { signal } = interrupt;
  const line = new ProgressLine(process.stderr, flags.quiet ?? false);
  const running = opened.map(({ device, ...rest }) => ({
    ...rest,
    device,
    replayer: device && new Replayer(device),
  }));
  const replayers = running.flatMap(({ replayer }) => replayer ?? []);
  if (replayers.length === 0) throw new UsageError(`--impl ${flags.impl}: ${opened[0]!.reason}`);
  try {
    const { stream, sizeBytes } = openLog(log);
    const replayed = await replayLog(chunksOf(stream, log, signal), replayers, {
      ...{ name: logName(log), of: flags.of ?? null, signal },
      progress: progressOf('replay', line, sizeBytes),
    });
    line.clear();
    if (!signal.aborted && replayed.malformed === null) expectAccesses(replayed, log, flags);
    line.say('timing');
    const results = running.map(({ implementation, device, replayer, reason }) => ({
      ...{ implementation, replayer, reason },
      cost: device && !signal.aborted ? accessCost(device, replayed.first) : null,
    }));
    line.clear();
    const about = { log, device: flags.device, policy: spec.policy };
    const print = flags.json
      ? () => jsonText(replayJson(about, replayed, results))
      : () => replayText(about, replayed, results);
    if (replayed.counts.reads + replayed.counts.writes > 0) process.stdout.write(print());
    if (replayed.malformed !== null) throw new UsageError(replayed.malformed);
    if (signal.aborted) return EXIT.interrupted;
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

/** A log of nothing agrees with everything. */
function expectAccesses({ counts, device }: Replayed, log: string, { of }: ReplayFlags): void {
  if (counts.reads + counts.writes > 0) return;
  const where = of === undefined ? '' : ` of a device ${JSON.stringify(of)}`;
  const what = device === null || counts.resets === 0 ? 'no access' : 'resets and no access';
  throw new UsageError(
    `${log}: ${formatCount(counts.lines)} lines and ${what}${where}; expected lines as QEMU logs them with -trace 'vfio_*', or as serve --record does`,
  );
}
