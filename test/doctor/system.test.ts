import { describe, expect, test } from 'vitest';
import { CANNOT, sysFix } from '../../src/doctor/change.ts';
import { governor, governorOf, turbo, turboOf } from '../../src/doctor/frequency.ts';
import { hypervisor } from '../../src/doctor/hypervisor.ts';
import { hugePages, memory, swap } from '../../src/doctor/memory.ts';
import { fakeMachine } from './fake-machine.ts';

const CPU = '/sys/devices/system/cpu';

describe('governor', () => {
  const at = (names: readonly string[], online = `0-${names.length - 1}\n`) => {
    const files = Object.fromEntries(
      names.map((name, i) => [`${CPU}/cpu${i}/cpufreq/scaling_governor`, `${name}\n`]),
    );
    return governor(fakeMachine({ files: { ...files, [`${CPU}/online`]: online } }));
  };

  test('performance on all is fine', () => {
    expect(at(['performance', 'performance'])).toMatchObject({ status: 'ok', value: 'performance' });
  });

  test('is told where any CPU has another', () => {
    expect(at(['performance', 'powersave', 'powersave'])).toMatchObject({
      status: 'warn',
      value: 'performance on 1, powersave on 2',
      fix: `echo performance | sudo tee ${CPU}/cpu*/cpufreq/scaling_governor`,
    });
  });

  test('is not told by most virtual machines', () => {
    expect(governor(fakeMachine({ files: { [`${CPU}/online`]: '0-1\n' } }))).toMatchObject({
      status: 'unknown',
      value: 'not told',
    });
    expect(at([''])).toMatchObject({ status: 'unknown' });
  });

  test('of a machine that claims a million CPUs is looked up for some thousand', () => {
    let asked = 0;
    const readFile = (path: string) => {
      asked++;
      return path === `${CPU}/online` ? '0-999999' : null;
    };
    expect(governor(fakeMachine({ readFile })).status).toBe('unknown');
    expect(asked).toBeLessThan(5000);
  });

  test('of one CPU is what the fingerprint holds', () => {
    const readFile = (path: string) =>
      path === `${CPU}/cpu3/cpufreq/scaling_governor` ? 'schedutil\n' : null;
    expect([governorOf(readFile, 3), governorOf(readFile, 0)]).toEqual(['schedutil', null]);
  });
});

describe('turbo', () => {
  const at = (path: string, text: string) => turbo(fakeMachine({ files: { [`${CPU}/${path}`]: text } }));

  test('is on where Intel says 0, and the others 1', () => {
    expect(at('intel_pstate/no_turbo', '0\n')).toMatchObject({
      status: 'warn',
      fix: `echo 1 | sudo tee ${CPU}/intel_pstate/no_turbo`,
    });
    expect(at('intel_pstate/no_turbo', '1\n').status).toBe('ok');
    expect(at('cpufreq/boost', '1\n')).toMatchObject({
      status: 'warn',
      fix: `echo 0 | sudo tee ${CPU}/cpufreq/boost`,
    });
    expect(at('cpufreq/boost', '0\n').status).toBe('ok');
  });

  test('is a word of the fingerprint, too', () => {
    const at = (path: string, text: string) =>
      turboOf(fakeMachine({ files: { [`${CPU}/${path}`]: text } }).readFile);
    expect(at('intel_pstate/no_turbo', '0\n')).toBe('on');
    expect(at('cpufreq/boost', '0\n')).toBe('off');
    expect(at('cpufreq/boost', 'perhaps\n')).toBeNull();
    expect(turboOf(fakeMachine().readFile)).toBeNull();
  });

  test('is a switch of each CPU where the driver has it so', () => {
    expect(at('cpufreq/policy0/boost', '1\n')).toMatchObject({
      status: 'warn',
      fix: `echo 0 | sudo tee ${CPU}/cpufreq/policy*/boost`,
    });
  });

  test('of a virtual machine is decided elsewhere', () => {
    const guest = fakeMachine({ files: { '/proc/cpuinfo': 'flags : fpu hypervisor\n' } });
    for (const finding of [turbo(guest), governor(guest)]) {
      expect(finding).toMatchObject({ status: 'unknown', value: expect.stringContaining(CANNOT) });
    }
  });

  test('is not known otherwise', () => {
    expect(at('cpufreq/boost', '').status).toBe('unknown');
    expect(at('cpufreq/boost', '7').status).toBe('unknown');
    expect(turbo(fakeMachine()).status).toBe('unknown');
  });
});

describe('memory and swap', () => {
  const machine = (text: string) => fakeMachine({ files: { '/proc/meminfo': text } });
  const available = (mib: number) => machine(`MemTotal: 99999999 kB\nMemAvailable:   ${mib * 1024} kB\n`);

  test.each([
    [8192, 'ok'],
    [2000, 'warn'],
    [1000, 'bad'],
  ])('%d MiB available is %s', (mib, status) => {
    expect(memory(available(mib))).toMatchObject({ status, value: `${mib} MiB available, 1280 MiB needed` });
  });

  test.each([
    [0, 0, 'ok', 'none'],
    [2048, 2048, 'ok', '0 MiB of 2048 MiB in use'],
    [2048, 1024, 'warn', '1024 MiB of 2048 MiB in use'],
    [1024, 2048, 'unknown', 'not told'],
  ])('swap of %d MiB with %d free is %s', (total, free, status, value) => {
    const text = `SwapTotal: ${total * 1024} kB\nSwapFree: ${free * 1024} kB\n`;
    expect(swap(machine(text))).toMatchObject({ status, value });
  });

  test.each([
    '',
    '\0',
    'MemAvailable:\nSwapTotal:\n',
    'MemAvailable: -5 kB\n',
    `MemAvailable: ${'9'.repeat(30)} kB\n`,
  ])('of %j are not known', (text) => {
    expect([memory(machine(text)).status, swap(machine(text)).status]).toEqual(['unknown', 'unknown']);
  });
});

describe('huge pages', () => {
  const path = '/sys/kernel/mm/transparent_hugepage/enabled';
  const at = (text: string) => hugePages(fakeMachine({ files: { [path]: text } }));

  test('are fine unless always on', () => {
    expect(at('always [madvise] never\n')).toMatchObject({ status: 'ok', value: 'madvise' });
    expect(at('always madvise [never]\n').status).toBe('ok');
    expect(at('[always] madvise never\n')).toMatchObject({
      status: 'warn',
      fix: `echo madvise | sudo tee ${path}`,
    });
    for (const text of ['', 'always', '[]', '[sometimes]', '\0']) expect(at(text).status).toBe('unknown');
  });
});

describe('hypervisor', () => {
  const at = (cpuinfo: string, vendor = '') =>
    hypervisor(fakeMachine({ files: { '/proc/cpuinfo': cpuinfo, '/sys/class/dmi/id/sys_vendor': vendor } }));

  test('is a flag of the processor, or the name of the maker', () => {
    expect(at('flags\t\t: fpu hypervisor tsc\n')).toMatchObject({
      status: 'warn',
      value: 'a virtual machine',
    });
    expect(at('Features : fp asimd\n', 'QEMU\n')).toMatchObject({
      status: 'warn',
      value: 'a virtual machine ("QEMU")',
    });
    expect(at('flags : fpu tsc\n', 'Dell Inc.\n')).toMatchObject({ status: 'ok', value: 'none' });
    expect(at('Features : fp asimd\n', 'Ampere\n').status).toBe('ok');
    expect(at('Features : fp asimd\n').status).toBe('unknown');
    expect(at('').status).toBe('unknown');
  });
});

describe('a fix below /sys', () => {
  const fix = (mountinfo: string) =>
    sysFix(fakeMachine({ files: { '/proc/self/mountinfo': mountinfo } }).readFile, 'echo 1 | tee /sys/x');
  const mount = (place: string, options: string) => `23 27 0:22 / ${place} ${options} - sysfs sysfs rw\n`;

  test('is a command, unless /sys may only be read: then it is said that it cannot be done here', () => {
    expect(fix('')).toBe('echo 1 | tee /sys/x');
    expect(fix(mount('/sys', 'rw,relatime'))).toBe('echo 1 | tee /sys/x');
    expect(fix(mount('/sys', 'ro,nosuid'))).toBe(
      'cannot be changed here, where /sys may only be read; on the host: echo 1 | tee /sys/x',
    );
    expect(fix(mount('/sys', 'ro') + mount('/sys', 'rw'))).toBe('echo 1 | tee /sys/x');
    expect(fix(mount('/sys/fs/cgroup', 'ro'))).toBe('echo 1 | tee /sys/x');
  });
});
