/** `barometer coherence predict --trace LOG`: accesses that were logged, to the memory of the model. */
import type { Memory } from '../coherence/predict/scenario.ts';
import type { CoherenceProfile } from '../coherence/profiles/profile.ts';
import { openCoherenceProfile } from '../coherence/profiles/profiles.ts';
import { wasmCore } from '../coherence/simulate/wasm-core.ts';
import { specFromFlags } from '../device/device-flags.ts';
import { EXIT, UsageError } from '../errors.ts';
import { memoryMap } from '../replay/model/memory-map.ts';
import { ModelledReplay } from '../replay/model/modelled-replay.ts';
import { replayThroughModel, type ThroughModel } from '../replay/model/replay-through-model.ts';
import { jsonText } from '../report/json-text.ts';
import { formatCount } from '../units.ts';
import { type ModelFlags, modelNote, REFERENCE_PROFILE } from './coherence-model.ts';
import { skippedCounts, traceReport, traceText } from './coherence-trace-text.ts';
import { chunksOf, logName, openLog, progressOf } from './log-input.ts';
import { listenForInterrupts } from './measured-run.ts';
import { ProgressLine } from './progress.ts';

export interface TraceFlags extends ModelFlags {
  /** hbm unless given. */
  readonly placement?: string;
  /** Whose regions the log is about: as the reference profile unless given. */
  readonly device?: string;
  readonly of?: string;
}

/** Returns the exit code. @throws UsageError for a log that cannot be read, is malformed, or asks nothing of memory */
export async function predictTrace(trace: string, flags: TraceFlags): Promise<number> {
  const profile = openCoherenceProfile(flags.profile);
  const placement = placementOf(flags);
  const map = memoryMap(specFromFlags({ device: flags.device ?? REFERENCE_PROFILE }), placement);
  const replay = new ModelledReplay(map, profile.values, wasmCore);
  const interrupt = listenForInterrupts();
  const { signal } = interrupt;
  const line = new ProgressLine(process.stderr, flags.quiet ?? false);
  try {
    const { stream, sizeBytes } = openLog(trace);
    const log = await replayThroughModel(chunksOf(stream, trace, signal), replay, {
      ...{ name: logName(trace), of: flags.of ?? null, signal },
      progress: progressOf('trace', line, sizeBytes),
    });
    line.clear();
    const interrupted = signal.aborted;
    const about = { trace: logName(trace), profile: profile.name, placement, interrupted };
    const isPrinted = print(about, profile, log, replay, flags);
    if (log.malformed !== null) throw new UsageError(log.malformed);
    if (interrupted) return EXIT.interrupted;
    if (!isPrinted) throw nothingOfMemory(trace, log, replay);
    return EXIT.ok;
  } finally {
    line.clear();
    interrupt.dispose();
  }
}

/** @throws UsageError for none, and for both: a trace is replayed once */
function placementOf({ placement = 'hbm' }: TraceFlags): Memory {
  if (placement === 'hbm' || placement === 'lpddr') return placement;
  throw new UsageError(`--placement ${JSON.stringify(placement)}: expected one of hbm and lpddr, of a trace`);
}

/** Whether there was anything to print. */
function print(
  about: Parameters<typeof traceReport>[0],
  profile: CoherenceProfile,
  log: ThroughModel,
  replay: ModelledReplay,
  { json }: TraceFlags,
): boolean {
  const result = replay.result();
  if (result === null || result.accesses === 0) return false;
  const report = traceReport(about, log, replay, result);
  const document = { schema: 'barometer/coherence-replay/1', model: modelNote(profile), ...report };
  process.stdout.write(json ? jsonText(document) : `${traceText(report)}\n${modelNote(profile)}\n`);
  return true;
}

/** Why a log has no figures, and what to do. */
function nothingOfMemory(
  trace: string,
  { lines, device, otherDevices }: ThroughModel,
  { skipped }: ModelledReplay,
): UsageError {
  const head = `${logName(trace)}: ${formatCount(lines)} lines`;
  const others = skippedCounts(skipped).map(([count, where]) => `${formatCount(count)} ${where}`);
  if (others.length > 0) {
    return new UsageError(
      `${head}, of which accesses of ${JSON.stringify(device)}: ${others.join('; ')}; none to memory of the device; expected ` +
        'a log of some, or the --device whose memory they are to',
    );
  }
  if (otherDevices > 0) {
    return new UsageError(
      `${head}, of which accesses of ${JSON.stringify(device)}: none, of other devices: ${formatCount(otherDevices)}; expected ` +
        '--of as the log names the device, or no --of for the first one',
    );
  }
  return new UsageError(
    `${head} and no access of a device; expected lines as QEMU logs them with -trace 'vfio_*', or as serve --record does`,
  );
}
