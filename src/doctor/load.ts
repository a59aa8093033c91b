import { quoted } from '../pci/quoted.ts';
import { allowedCpus } from './cores.ts';
import { bad, type Finding, ok, unknown, warn } from './finding.ts';
import type { Machine } from './machine.ts';

/** What to do about other programs. */
export const BUSY_FIX =
  'ps -eo pid,pcpu,comm --sort=-pcpu | head; end what is not needed, wait a minute, and ask again';

const TROUBLE = {
  effect: 'what else runs takes turns with what is measured, and its data fills the caches',
  fix: BUSY_FIX,
};

/** Other programs, by the load average of the last minute. */
export function load(machine: Machine): Finding {
  const text = machine.readFile('/proc/loadavg');
  if (text === null) return unknown('not told');
  const [, average] = /^(\d{1,9}\.\d{1,9})\s/.exec(text) ?? [];
  if (average === undefined) return unknown(`/proc/loadavg holds ${quoted(text)}`);
  const coreCount = allowedCpus(machine) ?? machine.cpuCount;
  const value = `${average} on ${coreCount} cores`;
  if (Number(average) > Math.max(coreCount - 1, coreCount / 2)) return bad(value, TROUBLE);
  return Number(average) > coreCount / 4 ? warn(value, TROUBLE) : ok(value);
}
