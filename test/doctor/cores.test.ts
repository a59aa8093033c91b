import { describe, expect, test } from 'vitest';
import { cores, quota, smt } from '../../src/doctor/cores.ts';
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

describe('quota', () => {
  const V2 = { '/sys/fs/cgroup/cgroup.controllers': 'cpu io memory\n' };
  const at = (files: Record<string, string>) => quota(fakeMachine({ files }));

  test.each([
    ['max 100000\n', 'ok', 'none'],
    ['400000 100000\n', 'ok', '4 cores'],
    ['150000 100000\n', 'warn', '1.5 cores (/sys/fs/cgroup/cpu.max)'],
    ['50000 100000\n', 'bad', '0.5 cores (/sys/fs/cgroup/cpu.max)'],
    ['', 'unknown', '/sys/fs/cgroup/cpu.max holds ""'],
    ['50000', 'unknown', '/sys/fs/cgroup/cpu.max holds "50000"'],
    ['50000 0', 'unknown', '/sys/fs/cgroup/cpu.max holds "50000 0"'],
    ['0 100000', 'unknown', '/sys/fs/cgroup/cpu.max holds "0 100000"'],
    ['-1 100000', 'unknown', '/sys/fs/cgroup/cpu.max holds "-1 100000"'],
    [`${'9'.repeat(400)} 100000`, 'unknown', /holds "999/],
    ['\0\xff', 'unknown', /holds/],
  ])('in a container with cpu.max of %j', (text, expected, value) => {
    expect(at({ ...V2, '/sys/fs/cgroup/cpu.max': text })).toMatchObject({
      status: expected,
      value: typeof value === 'string' ? value : expect.stringMatching(value),
    });
  });

  test('of a group above counts where it is tighter', () => {
    const files = {
      ...V2,
      '/proc/self/cgroup': '0::/user.slice/run-1.scope\n',
      '/sys/fs/cgroup/user.slice/run-1.scope/cpu.max': 'max 100000\n',
      '/sys/fs/cgroup/user.slice/cpu.max': '100000 100000\n',
    };
    expect(at(files).value).toBe('1 cores (/sys/fs/cgroup/user.slice/cpu.max)');
  });

  test('of version 1 of control groups', () => {
    const folder = '/sys/fs/cgroup/cpu/docker/abc';
    const files = (limit: string) => ({
      '/proc/self/cgroup': '4:memory:/m\n3:cpuset:/s\n2:cpu,cpuacct:/docker/abc\n0::/\n',
      [`${folder}/cpu.cfs_quota_us`]: limit,
      [`${folder}/cpu.cfs_period_us`]: '100000\n',
    });
    expect(at(files('50000\n'))).toMatchObject({
      status: 'bad',
      value: `0.5 cores (${folder}/cpu.cfs_quota_us)`,
    });
    expect(at(files('-1\n'))).toMatchObject({ status: 'ok', value: 'none' });
    expect(at(files('many\n')).status).toBe('unknown');
  });

  test('none, where groups are visible and limit nothing', () => {
    expect(at(V2)).toMatchObject({ status: 'ok', value: 'none' });
    expect(at({ '/sys/fs/cgroup/cpu/cgroup.procs': '1\n' })).toMatchObject({ status: 'ok', value: 'none' });
  });

  test('not told without control groups', () => {
    expect(at({})).toMatchObject({ status: 'unknown', value: 'no control group is visible' });
  });

  test('a group named to lead elsewhere is looked for below the root alone, and not without end', () => {
    const asked: string[] = [];
    const machine = fakeMachine({
      readFile: (path) => {
        asked.push(path);
        return path === '/proc/self/cgroup' ? `0::/../../etc/.${'/a'.repeat(1e5)}\n` : null;
      },
    });
    quota(machine);
    expect(asked.filter((path) => path.includes('..'))).toEqual([]);
    expect(asked.length).toBeLessThan(50);
    expect(asked).toContain('/sys/fs/cgroup/etc/cpu.max');
  });
});

describe('smt', () => {
  const at = (text: string) => smt(fakeMachine({ files: { '/sys/devices/system/cpu/smt/active': text } }));

  test('on is told, off is fine, the rest is not known', () => {
    expect(at('1\n')).toMatchObject({ status: 'warn', value: 'on' });
    expect(at('0\n').status).toBe('ok');
    for (const text of ['', '2', '\0']) expect(at(text).status).toBe('unknown');
    expect(smt(fakeMachine()).status).toBe('unknown');
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
