import { quoted } from '../pci/quoted.ts';
import { type Finding, ok, unknown, warn } from './finding.ts';
import type { Machine } from './machine.ts';

const DMI = '/sys/class/dmi/id';
/** What virtual machines call their maker or product, where the processor has no flag for it. */
const VIRTUAL =
  /\b(QEMU|KVM|VMware|VirtualBox|Xen|Virtual Machine|Bochs|Amazon EC2|Google Compute Engine)\b/i;

/** Whether another system runs below this one. */
export function hypervisor({ readFile }: Machine): Finding {
  const flags = /^flags\s*:(.*)$/m.exec(readFile('/proc/cpuinfo') ?? '')?.[1]?.split(/\s+/);
  const maker = ['sys_vendor', 'product_name']
    .map((name) => readFile(`${DMI}/${name}`)?.trim() ?? '')
    .join(' ')
    .trim();
  const isVirtual = flags?.includes('hypervisor') || VIRTUAL.test(maker);
  if (!isVirtual) return flags || maker !== '' ? ok('none') : unknown('not told');
  return warn(maker === '' ? 'a virtual machine' : `a virtual machine (${quoted(maker)})`, {
    effect:
      'other guests share caches and memory bandwidth; frequency and hardware threads of the host are not visible',
    fix: 'repeat runs and compare, or run on a machine of its own (a bare-metal instance)',
  });
}
