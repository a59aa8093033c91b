/** `barometer size <device>`: which consumer gets which BAR wrong under which policy, and what follows. */

import { oneOf, PROFILE_SOURCES, parseGpuMemory } from '../device/device-flags.ts';
import { openPciFunction } from '../device/device-source.ts';
import { deviceSpec, type GpuMemory, isVirtio } from '../device/device-spec.ts';
import { findProfile } from '../device/profiles.ts';
import { UsageError } from '../errors.ts';
import type { PciFunction } from '../pci/function.ts';
import { headerTypeOf } from '../pci/header.ts';
import { PCI_HEADER_TYPE_NORMAL } from '../pci/registers.ts';
import { jsonText } from '../report/json-text.ts';
import { SIZING_SCHEMA, type SizingDocument } from '../results/sizing.ts';
import {
  CURRENT_GENERATION,
  DRIVER_GENERATIONS,
  type DriverGeneration,
  POLICIES,
  type Policy,
} from '../types.ts';
import { barCount } from '../workload/sizer/bar-registers.ts';
import { type PresentedBar, presentedBars } from '../workload/sizer/presented-bars.ts';
import { deviceToSize, recordSizing } from '../workload/sizer/record-sizing.ts';
import { findSizer, SIZER_NAMES } from '../workload/sizer/sizers.ts';
import type { SizedBar, Sizer, Sizing } from '../workload/sizer/sizing.ts';
import { type WrongBar, wrongBars } from '../workload/sizer/wrong-bars.ts';
import { namesOf } from './device-option.ts';
import { parsePhysicalBars } from './physical-bars.ts';
import { sizeText } from './size-text.ts';

export interface SizeFlags {
  /** Names with commas between; those that apply to the device unless given. */
  readonly policy?: string;
  /** Names with commas between; all unless given. */
  readonly sizer?: string;
  readonly physicalBars?: string;
  readonly gpuMemory?: string;
  readonly generation?: string;
  /** Of a served device: whether sizers, which write, may run on it. */
  readonly allowWrites?: boolean;
  /** One JSON document instead of text. */
  readonly json?: boolean;
}

export interface SizerReport {
  readonly sizer: string;
  /** Null where the consumer does not size functions of this header type, or was not run. */
  readonly sizing: Sizing | null;
  /** Why it was not run; null where it was, or does not size such functions. */
  readonly notRun: string | null;
  /** Accesses that reached the device. */
  readonly accesses: number;
  readonly wrong: readonly WrongBar[];
}

export interface PolicyReport {
  /** `served`: the policy is the server's, whatever it is. */
  readonly policy: Policy | 'served';
  readonly expected: readonly PresentedBar[];
  readonly sizers: readonly SizerReport[];
}

export interface SizeReport {
  readonly device: string;
  readonly policies: readonly PolicyReport[];
}

/** What is sized, whatever the policy. */
interface Subject {
  readonly name: string;
  readonly source: PciFunction;
  readonly gpuMemory: GpuMemory | undefined;
  readonly virtualFunction: boolean | undefined;
  readonly generation: DriverGeneration;
}

/**
 * The text or the document of `--json`. A consumer that is wrong is what is being looked for, and no failure.
 * @throws UsageError that says what was given and what was expected
 */
export function size(device: string, flags: SizeFlags): string {
  if (flags.allowWrites) {
    throw new UsageError(`--allow-writes: ${device} is none that somebody serves; expected vfio-user:PATH`);
  }
  const document = sizeJson(sizeReport(device, flags));
  return flags.json ? jsonText(document) : sizeText(document);
}

export function sizeReport(device: string, flags: SizeFlags): SizeReport {
  const subject = subjectOf(device, flags);
  const sizers = namesOf(flags.sizer, SIZER_NAMES, '--sizer').map((name) => findSizer(name)!);
  const policies =
    flags.policy === undefined ? policiesFor(subject) : namesOf(flags.policy, POLICIES, '--policy');
  return { device, policies: policies.map((policy) => policyReport(subject, policy, sizers)) };
}

export function subjectOf(device: string, flags: SizeFlags): Subject {
  const profile = findProfile(device);
  const source = profile?.source ?? openPciFunction(device, PROFILE_SOURCES);
  return {
    name: device,
    source: flags.physicalBars === undefined ? source : withBars(source, flags.physicalBars),
    gpuMemory: parseGpuMemory(flags.gpuMemory) ?? profile?.gpuMemory,
    virtualFunction: profile?.virtualFunction,
    generation: oneOf('--generation', flags.generation ?? CURRENT_GENERATION, DRIVER_GENERATIONS),
  };
}

/** The function with these physical BARs in the place of its own; deviceSpec makes the registers agree. */
function withBars(source: PciFunction, text: string): PciFunction {
  return { ...source, bars: parsePhysicalBars(text, barCount(headerTypeOf(source.configBytes))) };
}

/** In the order of their history, the loosest first. */
const GPU_POLICIES: readonly Policy[] = ['passthrough', 'v13', 'nvgrace', 'core', 'strict'];
const VIRTIO_POLICIES: readonly Policy[] = ['virtio-flags', 'virtio-flags2', 'virtio', 'core', 'strict'];
const ANY_FUNCTION: readonly Policy[] = ['core', 'strict'];
const ANY_HEADER: readonly Policy[] = ['strict'];

/** Policies under which such a device exists. */
export function policiesFor({
  name,
  source,
  gpuMemory: memory,
}: Pick<Subject, 'name' | 'source' | 'gpuMemory'>): readonly Policy[] {
  if (headerTypeOf(source.configBytes) !== PCI_HEADER_TYPE_NORMAL) return ANY_HEADER;
  if (memory !== undefined) return GPU_POLICIES;
  const own = findProfile(name)?.policy;
  const hasBar0 = source.bars.some(({ barIdx }) => barIdx === 0);
  return own !== undefined && isVirtio(own) && !hasBar0 ? VIRTIO_POLICIES : ANY_FUNCTION;
}

function policyReport(subject: Subject, policy: Policy, sizers: readonly Sizer[]): PolicyReport {
  const { source, ...options } = subject;
  const spec = deviceSpec(source, { ...options, policy });
  const expected = presentedBars(source, spec);
  return {
    policy,
    expected,
    sizers: sizers.map((sizer) => {
      if (!sizer.headerTypes.includes(headerTypeOf(source.configBytes))) {
        return { sizer: sizer.name, sizing: null, notRun: null, accesses: 0, wrong: [] };
      }
      const { sizing, accesses } = recordSizing(deviceToSize(spec, 'wasm'), sizer);
      const wrong = wrongBars(expected, sizing.bars);
      return { sizer: sizer.name, sizing, notRun: null, accesses: accesses.length, wrong };
    }),
  };
}

/**
 * The document of `--json`. Sizes are decimal strings, since they can pass 2^53. `expected` is what the device
 * presents; `applies` is false where the consumer does not size functions of this header type, and `notRun` says why one
 * that would was not run.
 */
export function sizeJson({ device, policies }: SizeReport): SizingDocument {
  return {
    schema: SIZING_SCHEMA,
    device,
    policies: policies.map(({ policy, expected, sizers }) => ({
      policy,
      expected: expected.map((bar) => ({ ...barJson(bar), behind: bar.behind })),
      sizers: sizers.map(({ sizer, sizing, notRun, accesses, wrong }) => ({
        sizer,
        applies: sizing !== null || notRun !== null,
        ...(notRun !== null && { notRun }),
        bars: sizing?.bars.map(barJson) ?? [],
        unsized: [...(sizing?.unsized ?? [])],
        failure: sizing?.failure ?? null,
        accesses,
        wrong: [...wrong],
      })),
    })),
  };
}

/** Sizes are decimal strings, since they can pass 2^53. */
export function barJson({ barIdx, kind, prefetchable, sizeBytes }: SizedBar) {
  return { barIdx, kind, prefetchable, sizeBytes: sizeBytes.toString() };
}
