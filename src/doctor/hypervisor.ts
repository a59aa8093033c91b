import { quoted } from '../pci/quoted.ts';
import { CANNOT } from './change.ts';
import { type Finding, ok, unknown, warn } from './finding.ts';
import type { Machine } from './machine.ts';

const DMI = '/sys/class/dmi/id';
/** What virtual machines call their maker or product, where the processor has no flag for it. */
const VIRTUAL =
  /\b(QEMU|KVM|VMware|VirtualBox|Xen|Virtual Machine|Bochs|Amazon EC2|Google Compute Engine)\b/i;

/** Flags of the processor, and who made the machine; undefined and empty where Linux does not say. */
function identity(readFile: Machine['readFile']): { flags: string[] | undefined; maker: string } {
  const flags = /^flags\s*:(.*)$/m.exec(readFile('/proc/cpuinfo') ?? '')?.[1]?.split(/\s+/);
  const names = ['sys_vendor', 'product_name'].map((name) => readFile(`${DMI}/${name}`)?.trim() ?? '');
  return { flags, maker: names.join(' ').trim() };
}

/** Whether this is known to be a virtual machine. */
export function isVirtual(readFile: Machine['readFile']): boolean {
  const { flags, maker } = identity(readFile);
  return (flags?.includes('hypervisor') ?? false) || VIRTUAL.test(maker);
}

/** For what a machine does not say of its processor: the host of a virtual one decides, and tells nobody. */
export function notTold(readFile: Machine['readFile']): Finding {
  return unknown(isVirtual(readFile) ? `not told; the host decides, which ${CANNOT}` : 'not told');
}

/** Whether another system runs below this one. */
export function hypervisor({ readFile }: Machine): Finding {
  const { flags, maker } = identity(readFile);
  if (!isVirtual(readFile)) return flags || maker !== '' ? ok('none') : unknown('not told');
  return warn(maker === '' ? 'a virtual machine' : `a virtual machine (${quoted(maker)})`, {
    effect:
      'other guests share caches and memory bandwidth; frequency and hardware threads of the host are not visible',
    fix: `${CANNOT}; repeat runs and compare, or run on a machine of its own (a bare-metal instance)`,
  });
}
