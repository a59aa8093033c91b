/** `barometer size vfio-user:PATH`: sizers on a device that somebody serves. Nothing is written unless that is allowed. */
import { BarometerError, EXIT, UsageError } from '../errors.ts';
import { headerTypeOf } from '../pci/header.ts';
import { jsonText } from '../report/json-text.ts';
import type { WidthBytes } from '../types.ts';
import { RefusedRequest } from '../vfio-user/client.ts';
import { romBytesOf, servedBars } from '../vfio-user/served-bars.ts';
import type { ServedFunction } from '../vfio-user/served-function.ts';
import { ServedRegisters } from '../vfio-user/served-registers.ts';
import type { PresentedBar } from '../workload/sizer/presented-bars.ts';
import { type RemoteConfigPort, recordRemoteSizing } from '../workload/sizer/remote-sizing.ts';
import { type ChangedRegister, SavedRegisters } from '../workload/sizer/saved-registers.ts';
import { findSizer, SIZER_NAMES } from '../workload/sizer/sizers.ts';
import { ROM_BAR_IDX, type SizedFunction, type Sizer } from '../workload/sizer/sizing.ts';
import { wrongBars } from '../workload/sizer/wrong-bars.ts';
import { namesOf } from './device-option.ts';
import { listenForInterrupts } from './measured-run.ts';
import { printError } from './output.ts';
import { servedFunction, withClient } from './served-function.ts';
import { type PolicyReport, type SizeFlags, type SizeReport, type SizerReport, sizeJson } from './size.ts';
import { sizeText } from './size-text.ts';

export interface ServedSizeIo {
  readonly stdout: { write(text: string): unknown };
}

const BAR_REGIONS = 6;
const NOT_RUN = 'sizers write registers, and a served device is only read; with --allow-writes they run';

/** What came of it beside the conclusions. */
interface Outcome {
  readonly sizers: readonly SizerReport[];
  /** Registers that do not hold what they held before. */
  readonly changed: readonly ChangedRegister[];
}

/**
 * Prints the text or the document of `--json`, and what was not restored on standard error.
 * @returns the exit code: 5 where a register could not be restored
 * @throws UsageError for flags that say nothing of a served device; another BarometerError where the server fails, or it
 * was interrupted: of exit code 5 where, beside that, a register could not be restored
 */
export async function sizeServed(
  device: string,
  flags: SizeFlags,
  { stdout }: ServedSizeIo,
): Promise<number> {
  expectNoPolicy(device, flags);
  const sizers = namesOf(flags.sizer, SIZER_NAMES, '--sizer').map((name) => findSizer(name)!);
  const interrupt = listenForInterrupts();
  try {
    return await withClient(device, async (client) => {
      const fn = await servedFunction(device, client);
      const expected = expectedBars(fn);
      const port = new InterruptiblePort(new BusRegisters(client), interrupt.signal);
      const outcome = flags.allowWrites
        ? await interrupt.holdExitDuring(() =>
            sizeAll(port, { fn, registers: new ServedRegisters(client), expected, sizers }),
          )
        : { sizers: sizers.map((sizer) => unrun(sizer, fn)), changed: [] };
      const policy: PolicyReport = { policy: 'served', expected, sizers: outcome.sizers };
      stdout.write(render({ device, policies: [policy] }, outcome.changed, flags));
      tellChanged(outcome.changed);
      return outcome.changed.length > 0 ? EXIT.wrongAnswer : EXIT.ok;
    });
  } finally {
    interrupt.dispose();
  }
}

/** @throws UsageError for what only an emulated device can be told */
function expectNoPolicy(device: string, flags: SizeFlags): void {
  const { policy, generation, gpuMemory, physicalBars } = flags;
  const given = Object.entries({
    policy,
    generation,
    'gpu-memory': gpuMemory,
    'physical-bars': physicalBars,
  });
  const found = given.find(([, value]) => value !== undefined);
  if (!found) return;
  throw new UsageError(
    `--${found[0]} ${found[1]}: ${device} is what its server makes it; leave the option out, or name a profile or a dump`,
  );
}

/** What is right, as VFIO tells it: regions of a size, of the type that their registers show. */
function expectedBars(fn: ServedFunction): PresentedBar[] {
  const bars = [...servedBars(fn)].map(
    ([barIdx, bar]): PresentedBar => ({ barIdx, ...bar, behind: 'physical' }),
  );
  const romBytes = romBytesOf(fn);
  if (romBytes === 0n) return bars;
  return [
    ...bars,
    { barIdx: ROM_BAR_IDX, kind: 'rom', prefetchable: false, sizeBytes: romBytes, behind: 'rom' },
  ];
}

function unrun(sizer: Sizer, fn: ServedFunction): SizerReport {
  const notRun = applies(sizer, fn) ? NOT_RUN : null;
  return { sizer: sizer.name, sizing: null, notRun, accesses: 0, wrong: [] };
}

function applies({ headerTypes }: Sizer, { configBytes }: ServedFunction): boolean {
  return headerTypes.includes(headerTypeOf(configBytes));
}

interface Subject {
  readonly fn: ServedFunction;
  /** As they are: what is saved and restored is not what a bus makes of a refusal. */
  readonly registers: ServedRegisters;
  readonly expected: readonly PresentedBar[];
  readonly sizers: readonly Sizer[];
}

/** One sizer after the other, each on the registers as they were found. Whatever happens, they are written back. */
async function sizeAll(
  port: RemoteConfigPort,
  { fn, registers, expected, sizers }: Subject,
): Promise<Outcome> {
  const saved = await SavedRegisters.save(registers, headerTypeOf(fn.configBytes));
  // What was not back after one sizer is told, even where it is after the next one.
  const changed = new Map<string, ChangedRegister>();
  const sized = async (sizer: Sizer): Promise<SizerReport> => {
    try {
      const { sizing, accesses } = await recordRemoteSizing(port, sizedFunction(fn), sizer);
      const wrong = wrongBars(expected, sizing.bars);
      return { sizer: sizer.name, sizing, notRun: null, accesses: accesses.length, wrong };
    } finally {
      for (const register of await saved.restore(registers)) changed.set(register.register, register);
    }
  };
  const reports: SizerReport[] = [];
  try {
    for (const sizer of sizers) reports.push(applies(sizer, fn) ? await sized(sizer) : unrun(sizer, fn));
  } catch (error) {
    if (changed.size === 0 || !(error instanceof BarometerError)) throw error;
    tellChanged([...changed.values()]);
    throw new BarometerError(error.message, EXIT.wrongAnswer);
  }
  return { sizers: reports, changed: [...changed.values()] };
}

function sizedFunction({ configBytes, regions }: ServedFunction): SizedFunction {
  return {
    headerType: headerTypeOf(configBytes),
    regionBytes: regions.slice(0, BAR_REGIONS).map(({ sizeBytes }) => sizeBytes),
  };
}

function render(report: SizeReport, changed: readonly ChangedRegister[], { json }: SizeFlags): string {
  const document = sizeJson(report);
  if (!json) return sizeText(document);
  const notRestored = changed.map(({ register, offset, before, after }) => ({
    register,
    offset,
    before,
    after,
  }));
  return jsonText({ ...document, restored: changed.length === 0, notRestored });
}

function tellChanged(changed: readonly ChangedRegister[]): void {
  for (const { text } of changed) printError(`not restored: ${text}`);
}

/** As a consumer sees registers that refuse: reads give ones, and writes are lost, as on the bus. */
class BusRegisters extends ServedRegisters {
  override async read(offset: number, width: WidthBytes): Promise<number> {
    try {
      return await super.read(offset, width);
    } catch (error) {
      if (!(error instanceof RefusedRequest)) throw error;
      return 2 ** (8 * width) - 1;
    }
  }

  override async write(offset: number, width: WidthBytes, value: number): Promise<void> {
    try {
      await super.write(offset, width, value);
    } catch (error) {
      if (!(error instanceof RefusedRequest)) throw error;
    }
  }
}

/** Ends between two accesses once the user wants it to. */
class InterruptiblePort implements RemoteConfigPort {
  private readonly port: RemoteConfigPort;
  private readonly signal: AbortSignal;

  constructor(port: RemoteConfigPort, signal: AbortSignal) {
    this.port = port;
    this.signal = signal;
  }

  read(offset: number, width: WidthBytes): Promise<number> {
    this.expectGoOn();
    return this.port.read(offset, width);
  }

  write(offset: number, width: WidthBytes, value: number): Promise<void> {
    this.expectGoOn();
    return this.port.write(offset, width, value);
  }

  private expectGoOn(): void {
    if (this.signal.aborted) throw new BarometerError('interrupted', EXIT.interrupted);
  }
}
