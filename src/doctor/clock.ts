import { quoted } from '../pci/quoted.ts';
import { formatNs } from '../units.ts';
import { CANNOT, sysFix } from './change.ts';
import { bad, type Finding, ok, unknown, warn } from './finding.ts';
import type { Machine } from './machine.ts';

const READINGS = 1000;
/** The first ones are slow, since the loop has to be compiled; the fastest is what the clock can do. */
const RUNS = 30;
/** With such a clock samples take 0.5 ms, five times as long as usual, so that two readings are 1 % of them. */
const DEAR_NS = 2_500;
/** A clock that the processor answers by itself is far below; one that asks a device is above. */
const CHEAP_NS = 300;
const COARSE_NS = 1_000;

const SOURCE = '/sys/devices/system/clocksource/clocksource0/current_clocksource';
const AVAILABLE = '/sys/devices/system/clocksource/clocksource0/available_clocksource';
const BOOT_FIX = `boot with tsc=reliable, where the processor has an invariant TSC; else it ${CANNOT}`;

interface ClockReadings {
  readonly costNs: number;
  /** The smallest step that was seen; Infinity where it stood still. */
  readonly stepNs: number;
  readonly ranBackwards: boolean;
}

/** Cost and resolution of the clock that samples are timed with. */
export function clock({ nowNs, readFile }: Machine): Finding {
  const fix = clockFix(readFile);
  const runs = Array.from({ length: RUNS }, () => readClock(nowNs));
  const costNs = Math.min(...runs.map((run) => run.costNs));
  const stepNs = Math.min(...runs.map((run) => run.stepNs));
  if (runs.some((run) => run.ranBackwards)) {
    return bad('ran backwards', { effect: 'durations are wrong, negative ones among them', fix });
  }
  if (stepNs === Number.POSITIVE_INFINITY) {
    return bad(`stood still for ${RUNS * READINGS} readings`, {
      effect: 'samples have no duration',
      fix,
    });
  }
  const value = `${formatNs(costNs)} a reading, steps of ${formatNs(stepNs)}`;
  if (costNs > DEAR_NS || stepNs > DEAR_NS) {
    return bad(value, {
      effect: 'samples are made longer, so that a run has fewer of them',
      fix,
    });
  }
  if (costNs > CHEAP_NS || stepNs > COARSE_NS) {
    return warn(value, { effect: 'reading the clock is up to 1 % of each sample', fix });
  }
  return ok(value);
}

function readClock(nowNs: () => number): ClockReadings {
  const start = nowNs();
  let last = start;
  let stepNs = Number.POSITIVE_INFINITY;
  let ranBackwards = false;
  for (let i = 0; i < READINGS; i++) {
    const now = nowNs();
    if (now < last) ranBackwards = true;
    if (now > last) stepNs = Math.min(stepNs, now - last);
    last = now;
  }
  return { costNs: (last - start) / READINGS, stepNs, ranBackwards };
}

/** Sources that a program reads without the kernel's help, by the names of the kernel. */
const FAST = [
  'tsc',
  'kvm-clock',
  'hyperv_clocksource_tsc_page',
  'arch_sys_counter',
  'timebase',
  'riscv_clocksource',
];
/** Each reading goes to a device, or counts ticks. */
const SLOW = ['hpet', 'acpi_pm', 'pit', 'jiffies', 'refined-jiffies', 'xen', 'hyperv_clocksource_msr'];

/** What makes the clock better: the counter of the processor, unless it is what the kernel takes already. */
function clockFix(readFile: Machine['readFile']): string {
  if (FAST.includes(readFile(SOURCE)?.trim() ?? '')) {
    return `${CANNOT}; run outside of sandboxes and tracers (strace, gVisor), which answer the clock themselves`;
  }
  const hasTsc = readFile(AVAILABLE)?.trim().split(/\s+/).includes('tsc') ?? false;
  return hasTsc ? sysFix(readFile, `echo tsc | sudo tee ${SOURCE}`) : BOOT_FIX;
}

/** Where Linux takes the time from. */
export function clocksource({ readFile }: Machine): Finding {
  const source = readFile(SOURCE)?.trim();
  if (source === undefined) return unknown('not told');
  if (FAST.includes(source)) return ok(source);
  if (!SLOW.includes(source)) return unknown(`${quoted(source)} is not known`);
  return bad(source, {
    effect: 'each reading of the clock is a call of the kernel, of a microsecond or more',
    fix: clockFix(readFile),
  });
}
