import { describe, expect, test } from 'vitest';
import { quota, quotaCores } from '../../src/doctor/quota.ts';
import { fakeMachine } from './fake-machine.ts';

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

  test.each([
    ['max 100000\n', null],
    ['150000 100000\n', 1.5],
    ['rubbish', null],
  ])('of %j is, in cores, %j', (text, cores) => {
    expect(quotaCores(fakeMachine({ files: { '/sys/fs/cgroup/cpu.max': text } }).readFile)).toBe(cores);
    expect(quotaCores(fakeMachine().readFile)).toBeNull();
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

  test('of version 1 where the two controllers of the CPU are mounted together', () => {
    const folder = '/sys/fs/cgroup/cpu,cpuacct/pod';
    const files = {
      '/proc/self/cgroup': '2:cpu,cpuacct:/pod/inner\n',
      [`${folder}/cpu.cfs_quota_us`]: '150000\n',
      [`${folder}/cpu.cfs_period_us`]: '100000\n',
    };
    expect(at(files)).toMatchObject({ status: 'warn', value: `1.5 cores (${folder}/cpu.cfs_quota_us)` });
  });

  test('of version 1 whose name is of the host, while its own group is the root', () => {
    const files = {
      '/proc/self/cgroup': '3:cpu:/docker/abc\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '50000\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    };
    expect(at(files).value).toBe('0.5 cores (/sys/fs/cgroup/cpu/cpu.cfs_quota_us)');
  });

  test.each([
    ['400000 100000', 'nr_periods 240\nnr_throttled 0\n', 'ok', '4 cores'],
    [
      '400000 100000',
      'usage_usec 9\nnr_periods 240\nnr_throttled 13\n',
      'warn',
      '4 cores (/sys/fs/cgroup/cpu.max), used up in 13 of 240 periods',
    ],
    [
      '50000 100000',
      'nr_periods 8\nnr_throttled 8\n',
      'bad',
      '0.5 cores (/sys/fs/cgroup/cpu.max), used up in 8 of 8 periods',
    ],
    // Without a limit the counters are those of one that was.
    ['max 100000', 'nr_periods 240\nnr_throttled 13\n', 'ok', 'none'],
    ['400000 100000', 'nr_throttled many\n', 'ok', '4 cores'],
  ])('of %s that was used up as %j says is %s', (limit, stat, expected, value) => {
    expect(at({ ...V2, '/sys/fs/cgroup/cpu.max': limit, '/sys/fs/cgroup/cpu.stat': stat })).toMatchObject({
      status: expected,
      value,
    });
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
