/**
 * What has to be equal for times to be comparable: the machine, and the device that was emulated. Runs under different
 * conditions stand side by side and are in no verdict together.
 */
import type { Fingerprint, Run } from './samples.ts';

type Fact = string | number | null;
/** Facts by name. A fact that a file does not state is null. */
export type Conditions = Readonly<Record<string, Fact>>;

const GIB = 2 ** 30;
/** Settings that say which device was emulated. */
export const DEVICE_FACTS = ['device', 'policy', 'generation', 'resmem'] as const;

/** Identity of a machine, as far as it shows: kernel, governor and Node may change on one machine, these do not. */
export function machineFacts({ cpuModel, coreCount, arch, memoryBytes }: Fingerprint): Conditions {
  return {
    cpuModel: cpuModel ?? null,
    coreCount: coreCount ?? null,
    arch: arch ?? null,
    // A kernel keeps a little for itself, each one another little.
    memoryGiB: typeof memoryBytes === 'number' ? Math.round(memoryBytes / GIB) : null,
  };
}

export function conditionsOf({ fingerprint, settings }: Pick<Run, 'fingerprint' | 'settings'>): Conditions {
  const device = DEVICE_FACTS.map((name): [string, Fact] => {
    const value = settings[name];
    return [name, typeof value === 'string' || typeof value === 'number' ? value : null];
  });
  return { ...machineFacts(fingerprint), ...Object.fromEntries(device) };
}

/** Equal for equal conditions. */
export function conditionsKey(conditions: Conditions): string {
  return JSON.stringify(Object.entries(conditions));
}

/** Names of the facts that two conditions do not share. */
export function differingFacts(a: Conditions, b: Conditions): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => (a[name] ?? null) !== (b[name] ?? null));
}
