import { clock, clocksource } from './clock.ts';
import { compiler } from './compiler.ts';
import { cores, smt } from './cores.ts';
import type { Check } from './finding.ts';
import { governor, turbo } from './frequency.ts';
import { hypervisor } from './hypervisor.ts';
import { load } from './load.ts';
import { hugePages, memory, swap } from './memory.ts';
import { memoryLimit } from './memory-limit.ts';
import { neighbours } from './neighbours.ts';
import { inspector, nodeFlags, nodeVersion } from './node.ts';
import { pressure } from './pressure.ts';
import { quota } from './quota.ts';
import { steal } from './steal.ts';

/** All checks, in the order in which they are shown. Names are stable: programs read them. */
export const CHECKS: readonly Check[] = [
  { name: 'node', run: nodeVersion },
  { name: 'flags', run: nodeFlags },
  { name: 'inspector', run: inspector },
  { name: 'compiler', run: compiler },
  { name: 'clock', run: clock },
  { name: 'clocksource', run: clocksource },
  { name: 'cores', run: cores },
  { name: 'quota', run: quota },
  { name: 'smt', run: smt },
  { name: 'load', run: load },
  { name: 'pressure', run: pressure },
  { name: 'steal', run: steal },
  { name: 'neighbours', run: neighbours },
  { name: 'governor', run: governor },
  { name: 'turbo', run: turbo },
  { name: 'memory', run: memory },
  { name: 'memlimit', run: memoryLimit },
  { name: 'swap', run: swap },
  { name: 'hugepages', run: hugePages },
  { name: 'hypervisor', run: hypervisor },
];
