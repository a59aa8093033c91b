/** Commands on a device that somebody serves, as a user starts them: our own server stands in for any other. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Summary } from '../../src/report/summary.ts';
import { loadSamples } from '../../src/results/store.ts';
import { barometer, finish, start, temporaryFolder } from './barometer.ts';

/** Started, and listening: it has said so. */
async function serving(path: string, ...args: readonly string[]) {
  const child = start(['serve', '--socket', path, ...args]);
  const said = finish(child);
  await once(child.stdout!, 'data');
  return { child, device: `vfio-user:${path}`, ended: said };
}

/** Settled when the run has saved something there, or has ended. */
async function saved(run: ChildProcess, folder: string, name: string): Promise<void> {
  const watcher = watch(folder);
  const isThere = (async () => {
    while (!existsSync(join(folder, name))) await once(watcher, 'change');
  })();
  await Promise.race([isThere, once(run, 'exit')]);
  watcher.close();
}

describe('a served device', () => {
  test('is sized, checked and measured over its socket', async () => {
    using folder = temporaryFolder();
    const [socket, out] = [join(folder.path, 's'), join(folder.path, 'served.json')];
    const { child, device, ended } = await serving(
      socket,
      '--policy',
      'nvgrace',
      '--device',
      'gh200-no-bar2',
    );

    const read = await barometer(['size', device]);
    expect([read.exitCode, read.stderr]).toEqual([0, '']);
    expect(read.stdout).toContain('  served  0 mem64p 16 MiB, 2 mem64p 1 GiB, 4 mem64p 128 GiB\n');
    const sized = await barometer(['size', device, '--allow-writes']);
    expect([sized.exitCode, sized.stderr]).toEqual([0, '']);
    expect(sized.stdout).toMatch(/served( +ok){8}\n/);

    const checked = await barometer(['conform', '--device', device, '--allow-writes', '--json']);
    expect([checked.exitCode, checked.stderr]).toEqual([0, '']);
    expect(JSON.parse(checked.stdout)).toMatchObject({ failed: 0, implementations: { served: {} } });

    const run = ['run', '--device', device, '--allow-writes', '--budget', '1ms', '--forks', '1'];
    const measured = await barometer([...run, '--json', '--out', out]);
    expect([measured.exitCode, measured.stderr]).toEqual([0, '']);
    const { workloads, settings } = JSON.parse(measured.stdout) as Summary;
    expect(settings).toMatchObject({ device, policy: null, seed: 1 });
    expect(workloads.map(({ name, params: { inFlight } }) => `${name} ${inFlight}`)).toEqual([
      'served/config-read 1',
      'served/config-read 64',
      ...['read', 'write'].flatMap((kind) => [1, 64, 1, 64].map((n) => `served/region-${kind} ${n}`)),
    ]);
    for (const { implementation, forkCount, nsPerOp, latencyNs, params } of workloads) {
      expect([implementation, forkCount]).toEqual(['served', 1]);
      expect(nsPerOp!.estimate).toBeGreaterThan(0);
      expect(latencyNs !== null).toBe(params.inFlight === 1);
    }

    const compared = await barometer(['compare', out, out, '--json']);
    expect([compared.exitCode, compared.stderr]).toEqual([0, '']);
    expect((JSON.parse(compared.stdout) as Summary).comparisons).toHaveLength(10);
    const csv = await barometer(['report', out, '--csv']);
    expect(csv.stdout.match(/,served\//g)).toHaveLength(10);
    const table = await barometer(['report', out, '--markdown']);
    expect([table.exitCode, csv.exitCode]).toEqual([0, 0]);

    child.kill();
    expect((await ended).exitCode).toBe(0);
  });

  test('that hides the type of a large BAR fails without a write, and nobody finds the memory', async () => {
    using folder = temporaryFolder();
    const { child, device, ended } = await serving(
      join(folder.path, 's'),
      ...['--policy', 'passthrough', '--device', 'gh200-no-bar2'],
    );
    const checked = await barometer(['conform', '--device', device]);
    expect([checked.exitCode, checked.stderr]).toEqual([5, '']);
    expect(checked.stdout).toContain('FAILED 7.2 a region of more than 2 GiB has a 64-bit BAR on served\n');
    const sized = await barometer(['size', device, '--allow-writes', '--sizer', 'linux,qemu', '--json']);
    expect(sized.exitCode).toBe(0);
    const { policies, restored } = JSON.parse(sized.stdout);
    expect(restored).toBe(true);
    expect(policies[0].sizers.map((one: { wrong: object[] }) => one.wrong)).toMatchObject([
      [{ barIdx: 2, what: 'gone' }],
      [{ barIdx: 2, what: 'gone' }],
    ]);
    child.kill();
    await ended;
  });

  test('that is killed while it is measured is told, and what was measured is kept', async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, 'served.json');
    const { child, device, ended } = await serving(join(folder.path, 's'));
    const run = start(['run', 'served/config-read', '--device', device, '--budget', '60s', '--out', out]);
    const outcome = finish(run);
    await saved(run, folder.path, 'served.json');
    child.kill('SIGKILL');
    await ended;
    const { exitCode, stdout, stderr } = await outcome;
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/config-read 4 B/);
    expect(stderr).toMatch(/barometer: vfio-user:.*: (the server closed the connection|E\w+)/);
    expect(loadSamples(out).series.length).toBeGreaterThanOrEqual(2);
  });

  test('Ctrl-C keeps what was measured', async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, 'served.json');
    const { child, device, ended } = await serving(join(folder.path, 's'));
    const run = start(['run', 'served/config-read', '--device', device, '--budget', '60s', '--out', out]);
    const outcome = finish(run);
    await saved(run, folder.path, 'served.json');
    run.kill('SIGINT');
    const { exitCode, stdout, stderr } = await outcome;
    expect([exitCode, stderr]).toEqual([130, '']);
    expect(stdout).toMatch(/config-read 4 B/);
    child.kill();
    await ended;
  });

  test('whose server ends with its first client is measured by one process', async () => {
    using folder = temporaryFolder();
    const { device, ended } = await serving(join(folder.path, 's'), '--once');
    const out = join(folder.path, 'served.json');
    const run = ['run', 'served/region-read', '--device', device, '--budget', '1ms', '--forks', '1'];
    const measured = await barometer([...run, '--out', out, '--json']);
    expect([measured.exitCode, measured.stderr]).toEqual([0, '']);
    expect((JSON.parse(measured.stdout) as Summary).workloads).toHaveLength(4);
    expect((await ended).exitCode).toBe(0);
  });
});

describe('bad input is exit code 2, in one line', () => {
  test.each([
    [['size', 'vfio-user:/nowhere', '--allow-writes'], /vfio-user:\/nowhere: ENOENT/],
    [
      ['size', 'vfio-user:/nowhere', '--policy', 'strict'],
      /--policy strict: vfio-user:\/nowhere is what its/,
    ],
    [['size', 'gh200-120gb', '--allow-writes'], /--allow-writes: gh200-120gb is none that somebody serves/],
    [['conform', '--device', 'vfio-user:/nowhere'], /vfio-user:\/nowhere: ENOENT/],
    [['conform', '--device', 'gh200-120gb'], /--device gh200-120gb: expected vfio-user:PATH/],
    [['conform', '--allow-writes'], /--allow-writes: expected --device vfio-user:PATH/],
    [['run', '--device', 'vfio-user:/nowhere'], /vfio-user:\/nowhere: there is nothing/],
    [['run', '--device', 'vfio-user:/nowhere', '--impl', 'wasm'], /--impl wasm: /],
    [
      ['run', 'config-read/batch', '--device', 'vfio-user:/nowhere'],
      /A served device has served\/config-read/,
    ],
    [['run', 'noop/call', '--allow-writes'], /--allow-writes: gh200-120gb is none that somebody serves/],
    [['serve', '--socket', '/tmp/s', '--device', 'vfio-user:/nowhere'], /"vfio-user:\/nowhere" is neither/],
  ])('%j', async (args, message) => {
    const { exitCode, stdout, stderr } = await barometer(args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
