import { describe, expect, test } from 'vitest';
import { cores, smt } from '../../src/doctor/cores.ts';
import { load } from '../../src/doctor/load.ts';
import { cpuCount, cpuRanges } from '../../src/doctor/text.ts';
import { fakeMachine } from './fake-machine.ts';

const ONLINE = '/sys/devices/system/cpu/online';
const status = (allowed: string) =>
  `Name:\tnode\nCpus_allowed:\t3\nCpus_allowed_list:\t${allowed}\nMems:\t0\n`;

describe('a list of CPUs', () => {
  test.each([
    ['0', 1],
    ['0-3', 4],
    ['0-3,8,10-11\n', 7],
    ['0-999999', 1_000_000],
  ])('%j names %d', (list, count) => {
    expect(cpuCount(list)).toBe(count);
  });

  test.each(['', ',', '0,', '3-1', 'a', '0-99999999', '-1', '\0', '0-3 8'])('%j names none', (list) => {
    expect(cpuRanges(list)).toBeNull();
    expect(cpuCount(list)).toBeNull();
  });
});

describe('cores', () => {
  const machine = (allowed: string, online: string) =>
    fakeMachine({ files: { '/proc/self/status': status(allowed), [ONLINE]: online } });

  test('are fine from two on', () => {
    expect(cores(machine('0-1', '0-7\n'))).toMatchObject({ status: 'ok', value: '2 of 8 may be used' });
  });

  test('one of several: by the choice of whoever started it', () => {
    expect(cores(machine('5', '0-7\n'))).toMatchObject({
      status: 'warn',
      value: '1 of 8 may be used',
      fix: 'taskset -c 0,1 npx barometer run',
    });
  });

  test('one, where the cpuset of the container has others, or has not', () => {
    const within = (cpuset: string, file: string) =>
      cores(
        fakeMachine({
          files: {
            '/proc/self/status': status('6'),
            [ONLINE]: '0-7\n',
            '/proc/self/cgroup': '3:cpuset:/s\n0::/pod/a\n',
            [`/sys/fs/cgroup${file}`]: cpuset,
          },
        }),
      ).fix;
    for (const file of ['/pod/a/cpuset.cpus.effective', '/cpuset/s/cpuset.effective_cpus']) {
      expect(within('6-7\n', file)).toBe('taskset -c 6,7 npx barometer run');
      expect(within('0,4,6\n', file)).toBe('taskset -c 0,4 npx barometer run');
      expect(within('6\n', file)).toMatch(/^docker run --cpuset-cpus with two CPUs/);
      expect(within('\0', file)).toBe('taskset -c 0,1 npx barometer run');
    }
  });

  test('two hardware threads of one core are one core', () => {
    const threads = (...siblings: string[]) =>
      cores(
        fakeMachine({
          files: {
            '/proc/self/status': status('1,5'),
            [ONLINE]: '0-7\n',
            ...Object.fromEntries(
              [1, 5].map((cpuIdx, i) => [
                `/sys/devices/system/cpu/cpu${cpuIdx}/topology/thread_siblings_list`,
                siblings[i] ?? '',
              ]),
            ),
          },
        }),
      );
    expect(threads('1,5\n', '1,5\n')).toMatchObject({
      status: 'warn',
      value: '2 of 8 may be used, all of them threads of one core',
    });
    expect(threads('1\n', '5\n').status).toBe('ok');
    expect(threads('1,5\n').status).toBe('ok');
    expect(threads('\0', '\0').status).toBe('ok');
  });

  test('one, and no other', () => {
    expect(cores(machine('0', '0\n'))).toMatchObject({
      status: 'warn',
      fix: 'give the machine a second core',
    });
  });

  test('are those that Node counts where the system does not say, or says nonsense', () => {
    expect(cores(fakeMachine())).toMatchObject({ status: 'ok', value: '4 of 4 may be used' });
    expect(cores(machine('0-', '\0')).value).toBe('4 of 4 may be used');
  });
});

describe('smt', () => {
  const at = (text: string) => smt(fakeMachine({ files: { '/sys/devices/system/cpu/smt/active': text } }));

  test('on is told, off is fine, the rest is not known', () => {
    expect(at('1\n')).toMatchObject({ status: 'warn', value: 'on' });
    expect(at('0\n').status).toBe('ok');
    for (const text of ['', '2', '\0']) expect(at(text).status).toBe('unknown');
    expect(smt(fakeMachine())).toMatchObject({ status: 'unknown', value: 'not told' });
  });

  test('off says nothing of the host of a virtual machine', () => {
    const files = { '/proc/cpuinfo': 'flags : fpu hypervisor\n' };
    const off = { ...files, '/sys/devices/system/cpu/smt/active': '0\n' };
    expect(smt(fakeMachine({ files: off }))).toMatchObject({
      status: 'unknown',
      value: expect.stringContaining('cannot be changed here'),
    });
    expect(smt(fakeMachine({ files })).value).toBe(
      'not told; the host decides, which cannot be changed here',
    );
  });
});

describe('load', () => {
  const at = (text: string) =>
    load(fakeMachine({ files: { '/proc/loadavg': text, '/proc/self/status': status('0-3') } }));

  test.each([
    ['0.80 0.5 0.1 1/200 9\n', 'ok', '0.80 on 4 cores'],
    ['1.50 0.5 0.1 1/200 9\n', 'warn', '1.50 on 4 cores'],
    ['3.20 0.5 0.1 1/200 9\n', 'bad', '3.20 on 4 cores'],
    ['99999.00 0 0 1/2 3', 'bad', '99999.00 on 4 cores'],
  ])('of %j is %s', (text, expected, value) => {
    expect(at(text)).toMatchObject({ status: expected, value });
  });

  test('on a single core leaves nothing', () => {
    const files = { '/proc/loadavg': '0.60 0 0 1/2 3', '/proc/self/status': status('0') };
    expect(load(fakeMachine({ files })).status).toBe('bad');
  });

  test.each(['', '\0\xff', 'NaN 0 0', '-1.0 0 0', `${'9'.repeat(400)}.0 0 0`])(
    'of %j is not known',
    (text) => {
      expect(at(text).status).toBe('unknown');
    },
  );
});
