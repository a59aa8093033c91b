/** The machine in a line, for people. */
import type { Fingerprint } from '../results/samples.ts';

/** `Example CPU, 2 cores, Linux 6.12.0`: what is not known is left out. */
export function machineText({ cpuModel, coreCount, kernel }: Fingerprint): string {
  const cores = coreCount === undefined || coreCount === null ? null : `${coreCount} cores`;
  return [cpuModel, cores, kernel]
    .filter((part) => part !== undefined && part !== null && part !== '')
    .join(', ');
}
