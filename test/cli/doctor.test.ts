import { describe, expect, test } from 'vitest';
import { doctor } from '../../src/cli/doctor.ts';
import { CHECKS } from '../../src/doctor/checks.ts';
import type { Machine } from '../../src/doctor/machine.ts';
import { fakeMachine } from '../doctor/fake-machine.ts';

interface Setting {
  readonly machine?: Machine;
  readonly json?: boolean;
  readonly isTTY?: boolean;
  readonly color?: boolean;
}

function run({ machine = fakeMachine(), json = false, isTTY = false, color = false }: Setting) {
  let [stdout, stderr] = ['', ''];
  const io = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text), isTTY },
    machine,
    color,
  };
  return { exitCode: doctor({ json }, io), stdout, stderr };
}

/** A container on a busy virtual machine, with something of everything. */
function troubledMachine(): Machine {
  let [clockNs, pieces] = [0, 0];
  const files: Record<string, string> = {
    '/proc/cpuinfo': 'flags : fpu hypervisor tsc\n',
    '/proc/loadavg': '3.90 2.00 1.00 4/200 9\n',
    '/proc/meminfo': 'MemAvailable: 8388608 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n',
    '/proc/pressure/cpu': 'some avg10=22.50 avg60=9.00 avg300=1.00 total=7\n',
    '/proc/self/cgroup': '0::/\n',
    '/proc/self/mountinfo': '23 27 0:22 / /sys ro,relatime - sysfs sysfs rw\n',
    '/proc/self/status': 'Cpus_allowed_list:\t0-3\n',
    '/sys/devices/system/clocksource/clocksource0/current_clocksource': 'acpi_pm\n',
    '/sys/devices/system/clocksource/clocksource0/available_clocksource': 'tsc acpi_pm\n',
    '/sys/devices/system/cpu/online': '0-7\n',
    '/sys/devices/system/cpu/smt/active': '1\n',
    '/sys/devices/system/cpu/cpufreq/boost': '1\n',
    '/sys/fs/cgroup/cgroup.controllers': 'cpu memory\n',
    '/sys/fs/cgroup/cpu.max': '150000 100000\n',
    '/sys/fs/cgroup/memory.max': '2147483648\n',
    '/sys/kernel/mm/transparent_hugepage/enabled': '[always] madvise never\n',
  };
  const ticks = ['cpu 100 0 0 900 0 0 0 0 0 0\n', 'cpu 140 0 0 950 0 0 0 10 0 0\n'];
  return fakeMachine({
    nowNs: () => (clockNs += 40),
    spin: () => {
      clockNs += pieces++ % 50 === 49 ? 200_000 : 100_000;
    },
    readFile: (path) => (path === '/proc/stat' ? (ticks.shift() ?? null) : (files[path] ?? null)),
  });
}

describe('doctor', () => {
  test('prints a line for each check; under trouble, what it does and the fix', () => {
    const { exitCode, stdout, stderr } = run({ machine: fakeMachine({ execArgv: ['--no-opt'] }) });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('\nok       clock        50.0 ns a reading, steps of 50.0 ns\n');
    expect(stdout).toContain(
      '\nbad      flags        --no-opt\n' +
        '                      code does not reach the optimising tier, or not the one that is measured elsewhere\n' +
        '                      fix: start Node without --no-opt\n',
    );
    expect(stdout).toMatch(
      /\n\n1 bad, which spoil results, and 1 to know of when reading them; \d+ that this machine does not tell\n$/,
    );
  });

  test('--json prints one document', () => {
    const { exitCode, stdout, stderr } = run({ json: true });
    expect([exitCode, stderr]).toEqual([0, '']);
    const { schema, checks } = JSON.parse(stdout);
    expect(schema).toBe('barometer/doctor/1');
    expect(checks[0]).toEqual({
      name: 'node',
      status: 'ok',
      value: '26.10.0, as pinned',
      effect: null,
      fix: null,
    });
  });

  test('--json is what programs have read before: new checks and new keys may come, none goes', async () => {
    await expect(run({ json: true, machine: troubledMachine() }).stdout).toMatchFileSnapshot(
      '../golden/doctor.json',
    );
  });

  test('--json names each check once, with the same keys', () => {
    const { schema, checks, ...rest } = JSON.parse(run({ json: true, machine: troubledMachine() }).stdout);
    expect([schema, rest]).toEqual(['barometer/doctor/1', {}]);
    expect(checks.map(({ name }: { name: string }) => name)).toEqual(CHECKS.map(({ name }) => name));
    for (const check of checks) {
      expect(Object.keys(check)).toEqual(['name', 'status', 'value', 'effect', 'fix']);
      expect(['ok', 'warn', 'bad', 'unknown']).toContain(check.status);
    }
  });

  test('says on a terminal what it is at, and wipes it off', () => {
    const { stderr } = run({ isTTY: true, json: true });
    expect(stderr).toContain('checking neighbours …');
    expect(stderr.endsWith('\r\x1b[2K')).toBe(true);
    expect(run({ isTTY: true, machine: fakeMachine({ env: { CI: '1' } }) }).stderr).toBe('');
  });

  test('no terminal obeys what environment and files hold', () => {
    const env = { NODE_OPTIONS: '--x=\x1b[31m', CC: '\x1b]0;title\x07' };
    const machine = fakeMachine({ env, readFile: () => '\x1b[31m' });
    expect(run({ machine }).stdout).not.toContain('\x1b');
    expect(run({ machine, color: true }).stdout).toContain('\x1b[33mwarn');
  });
});
