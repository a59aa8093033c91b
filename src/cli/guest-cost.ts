/** `barometer guest --cost`: what an access costs a real guest, and what that is made of. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allowedProcessors } from '../agent/pinning.ts';
import { deviceFlags, specFromFlags } from '../device/device-flags.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import { EXIT, UsageError } from '../errors.ts';
import { buildOf, fingerprint } from '../measure/fingerprint.ts';
import { Random } from '../random.ts';
import { jsonText } from '../report/json-text.ts';
import { summarize } from '../report/summary.ts';
import type { SamplesDocument } from '../results/samples.ts';
import { resultsPath, saveSamples } from '../results/store.ts';
import { type CostReading, type CostSubject, type CostTools, costBoot } from '../run/guest/cost/cost-boot.ts';
import { type CostFacts, costSamples } from '../run/guest/cost/cost-samples.ts';
import { buildPrograms } from '../run/guest/cost/programs.ts';
import { guestMemory } from '../run/guest/guest-check.ts';
import { guestFiles } from '../run/guest/guest-files.ts';
import { runCommand } from '../run/guest/run-command.ts';
import { formatBytes, parseCount, parseDurationMs } from '../units.ts';
import { openServed, SERVED_IMPLEMENTATIONS, type ServedImplementation } from '../vfio-user/open-served.ts';
import { namesOf } from './device-option.ts';
import type { GuestFlags } from './guest.ts';
import { configOf, costSubjects } from './guest-cost-subjects.ts';
import { guestCostText } from './guest-cost-text.ts';
import { listenForInterrupts } from './measured-run.ts';
import { ProgressLine } from './progress.ts';
import { savedLines } from './saved-lines.ts';
import { version } from './version.ts';

/** That the timers use: what is copied, and a page behind it. */
const LEAST_MEMORY_BYTES = 65_536n + 4096n;
const SEED = 1;

/** Returns the exit code. @throws UsageError for bad input; WrongAnswerError where an access was answered wrongly */
export async function guestCost(flags: GuestFlags): Promise<number> {
  const boots = parseCount(flags.boots ?? '3', '--boots', { min: 1, max: 100 });
  const limitMs = parseDurationMs(flags.limit, '--limit');
  const implementations = namesOf(flags.impl ?? 'wasm,ts,native', SERVED_IMPLEMENTATIONS, '--impl');
  const device = deviceFlags(flags);
  const spec = specFromFlags(device);
  const barIdx = memoryBar(flags.device, spec);
  const path = flags.out ?? resultsPath(new Date());
  const interrupt = listenForInterrupts();
  const { signal } = interrupt;
  const line = new ProgressLine(process.stderr, flags.quiet ?? false);
  const folder = mkdtempSync(join(tmpdir(), 'barometer-cost-'));
  let samples: SamplesDocument | null = null;
  const { pin, pinning } = await pinned();
  try {
    const progress = (stage: string) => line.say(`guest  ${stage}`);
    const programs = buildPrograms(folder);
    const files = await guestFiles({ progress, signal });
    const subjects = costSubjects(device, spec, implementations, { programs, folder });
    const facts = factsOf(flags, spec, implementations, pinning);
    const done: CostReading[][] = [];
    for (let boot = 0; boot < boots && !signal.aborted; boot++) {
      const say = (stage: string) => progress(`boot ${boot + 1} of ${boots}  ${stage}`);
      const tools = { files, programs, barIdx, pin, limitMs, signal, progress: say };
      const readings = await bootEach(new Random(SEED).fork(`boot ${boot}`).shuffle([...subjects]), tools);
      if (signal.aborted) break;
      done.push(readings);
      samples = costSamples(done, facts);
      saveSamples(path, samples);
    }
  } catch (error) {
    // What was cut off says that it was.
    if (!signal.aborted) throw error;
  } finally {
    line.clear();
    interrupt.dispose();
    rmSync(folder, { recursive: true, force: true });
    if (samples) print(samples, path, pinning, flags.json ?? false);
  }
  return signal.aborted ? EXIT.interrupted : EXIT.ok;
}

async function bootEach(subjects: readonly CostSubject[], tools: CostTools): Promise<CostReading[]> {
  const readings: CostReading[] = [];
  for (const subject of subjects) readings.push(...(await costBoot(subject, tools)));
  return readings;
}

function print(samples: SamplesDocument, path: string, pinning: string, isJson: boolean): void {
  const summary = summarize(samples);
  process.stdout.write(
    isJson ? jsonText(summary) : `${guestCostText(summary, pinning)}\n${savedLines(path)}`,
  );
}

function memoryBar(device: string, spec: DeviceSpec): number {
  const region = guestMemory(spec, 'vfio-user');
  if (region && region.memlengthBytes >= LEAST_MEMORY_BYTES) return region.regionIndex;
  throw new UsageError(
    `--device ${device} --policy ${spec.policy}: expected a BAR with ${formatBytes(Number(LEAST_MEMORY_BYTES))} of memory or more, to time accesses to it`,
  );
}

/** All on one processor: where wake-ups cross processors, their cost hides all others. */
async function pinned(): Promise<{ pin: readonly string[]; pinning: string }> {
  const processor = allowedProcessors().at(-1);
  const pin = ['taskset', '-c', String(processor)] as const;
  try {
    await runCommand(pin[0], [...pin.slice(1), 'true']);
    return { pin, pinning: `all on processor ${processor}` };
  } catch {
    return { pin: [], pinning: 'not pinned: taskset (util-linux) is missing' };
  }
}

function factsOf(
  flags: GuestFlags,
  spec: DeviceSpec,
  implementations: readonly ServedImplementation[],
  pinning: string,
): CostFacts {
  const { policy, generation, resmem } = spec;
  const settings = { device: flags.device, policy, suite: null, implementations, generation, resmem };
  return {
    head: {
      id: randomUUID(),
      createdAt: new Date().toISOString(),
      settings: { seed: SEED, budgetMs: null, ...settings },
      fingerprint: fingerprint(implementations),
    },
    runtime: `node ${process.versions.node}`,
    build: buildOf('wasm', version()),
    pinning,
    idDword: new DataView(configOf(openServed(spec, 'ts'), spec).buffer).getUint32(0, true),
  };
}
