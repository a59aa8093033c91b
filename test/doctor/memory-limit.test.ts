import { describe, expect, test } from 'vitest';
import { memoryLimit } from '../../src/doctor/memory-limit.ts';
import { fakeMachine } from './fake-machine.ts';

const ROOT = '/sys/fs/cgroup';
const V2 = { [`${ROOT}/cgroup.controllers`]: 'cpu io memory\n' };
const MIB = 2 ** 20;

const at = (files: Record<string, string>) => memoryLimit(fakeMachine({ files: { ...V2, ...files } }));
const mib = (count: number) => `${count * MIB}\n`;

describe('the limit on memory', () => {
  test.each([
    ['max\n', 'ok', 'none'],
    [mib(8192), 'ok', '8192 MiB free of 8192 MiB, 1280 MiB needed'],
    [mib(2048), 'warn', `2048 MiB free of 2048 MiB, 1280 MiB needed (${ROOT}/memory.max)`],
    [mib(512), 'bad', `512 MiB free of 512 MiB, 1280 MiB needed (${ROOT}/memory.max)`],
    ['0\n', 'bad', `0 MiB free of 0 MiB, 1280 MiB needed (${ROOT}/memory.max)`],
    ['', 'unknown', `${ROOT}/memory.max holds ""`],
    ['-1\n', 'unknown', `${ROOT}/memory.max holds "-1"`],
    ['9'.repeat(30), 'unknown', expect.stringMatching(/holds "999/)],
  ])('of a container with memory.max of %j is %s', (text, status, value) => {
    expect(at({ [`${ROOT}/memory.max`]: text })).toMatchObject({ status, value });
  });

  test('counts what is in use, but for files that can be dropped at once', () => {
    const files = {
      [`${ROOT}/memory.max`]: mib(4096),
      [`${ROOT}/memory.current`]: mib(3500),
      [`${ROOT}/memory.stat`]: `anon 5\ninactive_file ${500 * MIB}\nactive_file 9\n`,
    };
    expect(at(files)).toMatchObject({
      status: 'bad',
      value: `1096 MiB free of 4096 MiB, 1280 MiB needed (${ROOT}/memory.max)`,
    });
    expect(at({ ...files, [`${ROOT}/memory.current`]: mib(9000) }).value).toMatch(/^0 MiB free of 4096 MiB/);
    // Files cannot make more free than there is.
    expect(at({ ...files, [`${ROOT}/memory.current`]: mib(100) }).value).toMatch(
      /^4096 MiB free of 4096 MiB/,
    );
  });

  test('is also that from which the kernel slows the group down', () => {
    expect(at({ [`${ROOT}/memory.max`]: 'max\n', [`${ROOT}/memory.high`]: mib(1024) })).toMatchObject({
      status: 'bad',
      value: expect.stringContaining('memory.high'),
    });
  });

  test('of a group above counts where less of it is left', () => {
    const files = {
      '/proc/self/cgroup': '0::/pod/app\n',
      [`${ROOT}/pod/app/memory.max`]: mib(4096),
      [`${ROOT}/pod/memory.max`]: mib(8192),
      [`${ROOT}/pod/memory.current`]: mib(7000),
    };
    expect(at(files)).toMatchObject({
      status: 'bad',
      value: `1192 MiB free of 8192 MiB, 1280 MiB needed (${ROOT}/pod/memory.max)`,
    });
  });

  test('of version 1 of control groups', () => {
    const folder = `${ROOT}/memory/docker/abc`;
    const files = (limit: string) => ({
      '/proc/self/cgroup': '4:memory:/docker/abc\n3:cpu:/x\n0::/\n',
      [`${folder}/memory.limit_in_bytes`]: limit,
      [`${folder}/memory.usage_in_bytes`]: mib(900),
      [`${folder}/memory.stat`]: `inactive_file 1\ntotal_inactive_file ${100 * MIB}\n`,
    });
    expect(at(files(mib(1024)))).toMatchObject({
      status: 'bad',
      value: `224 MiB free of 1024 MiB, 1280 MiB needed (${folder}/memory.limit_in_bytes)`,
    });
    expect(at(files('9223372036854771712\n'))).toMatchObject({ status: 'ok', value: 'none' });
    expect(at(files('many\n')).status).toBe('unknown');
  });

  test('none, where groups are visible and limit nothing; else nobody knows', () => {
    expect(at({})).toMatchObject({ status: 'ok', value: 'none' });
    expect(memoryLimit(fakeMachine())).toMatchObject({
      status: 'unknown',
      value: 'no control group is visible',
    });
  });
});
