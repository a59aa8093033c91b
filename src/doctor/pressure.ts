import { quoted } from '../pci/quoted.ts';
import { formatPercent } from '../units.ts';
import { bad, type Finding, ok, unknown, warn } from './finding.ts';
import { BUSY_FIX } from './load.ts';
import type { Machine } from './machine.ts';

const PRESSURE = '/proc/pressure/cpu';
/** Starting Node and this command alone make a few per cent of ten seconds. */
const CALM_SHARE = 0.1;
const BUSY_SHARE = 0.4;

/** Share of time in which some program was ready to run and no CPU was free. Source: accounting/psi.rst of the kernel. */
export function pressure({ readFile }: Machine): Finding {
  const text = readFile(PRESSURE);
  if (text === null) return unknown('not told');
  const [, short, long] = /^some avg10=(\d{1,3}\.\d\d) avg60=(\d{1,3}\.\d\d) /.exec(text) ?? [];
  if (short === undefined || Number(short) > 100) return unknown(`${PRESSURE} holds ${quoted(text)}`);
  const share = Number(short) / 100;
  const value = `${formatPercent(share)} of 10 s, ${formatPercent(Number(long) / 100)} of a minute`;
  const trouble = { effect: 'programs wait for a CPU, and what is measured will too', fix: BUSY_FIX };
  if (share > BUSY_SHARE) return bad(value, trouble);
  return share > CALM_SHARE ? warn(value, trouble) : ok(value);
}
