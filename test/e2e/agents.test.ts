/** `barometer agents`, as a user starts it. */
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PATTERNS } from '../../src/agent/patterns.ts';
import { allowedProcessors } from '../../src/agent/pinning.ts';
import { type Summary, summarize } from '../../src/report/summary.ts';
import { loadSamples } from '../../src/results/store.ts';
import { barometer, finish, start, temporaryFolder } from './barometer.ts';

const SHORT = ['--budget', '1ms', '--forks', '1'];

describe('agents', () => {
  test('measures each implementation on either path, and the file is one like any other', async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, 'agents.json');
    const patterns = ['messages-64', 'ring'];
    const { exitCode, stdout, stderr } = await barometer([
      ...['agents', ...patterns, '--agents', '2', '--footprint', '64KiB', ...SHORT, '--json', '--out', out],
    ]);
    expect([exitCode, stderr]).toEqual([0, '']);
    const { workloads, comparisons } = JSON.parse(stdout) as Summary;
    // Where the machine was never calm for two agents at once, a row says so.
    const rows = workloads.filter(({ available }) => available);
    expect(workloads).toHaveLength(2 * 2 * 3);
    expect(new Set(workloads.map(({ name }) => name))).toEqual(
      new Set(['agents/messages-64', 'agents/ring']),
    );
    for (const { params, evidence, nsPerOp, sharing } of rows) {
      expect(params).toMatchObject({ agents: 2, footprintBytes: 65536 });
      expect(evidence).toBe('measured');
      expect(nsPerOp!.estimate).toBeGreaterThan(0);
      expect(sharing!.pinning).toHaveLength(1);
    }
    for (const { reason } of workloads.filter(({ available }) => !available)) {
      expect(reason).toMatch(/never ran together/);
    }
    for (const { kind, baseline, candidate } of comparisons.filter((one) => one.kind === 'emulation')) {
      expect([kind, baseline.params.path, candidate.params.path]).toEqual([
        'emulation',
        'direct',
        'emulated',
      ]);
    }
    const merged = await barometer(['merge', out, '--out', join(folder.path, 'merged.json')]);
    expect([merged.exitCode, merged.stderr]).toEqual([0, '']);
    expect((await barometer(['report', out, '--csv'])).stdout).toContain('agents/ring');
  });

  test('several numbers of agents and footprints are measured in one run', async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, 'a.json');
    const given = [
      'chase',
      'contended-add',
      '--agents',
      '1,2',
      '--footprint',
      '4KiB,64KiB',
      '--path',
      'emulated',
    ];
    const { exitCode, stdout, stderr } = await barometer([
      'agents',
      ...given,
      ...SHORT,
      '--json',
      '--out',
      out,
    ]);
    expect([exitCode, stderr]).toEqual([0, '']);
    const { workloads } = JSON.parse(stdout) as Summary;
    const rows = new Set(
      workloads.map(({ name, params }) => `${name} ${params.agents} ${params.footprintBytes}`),
    );
    expect(rows.size).toBe(2 * 2 * 2);
    for (const { params, available, reason } of workloads) {
      if (params.agents === 1) expect([available, reason]).toEqual([true, null]);
    }
  });

  test('what is varied is a curve, in the document and below the table', async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, 'a.json');
    const given = [
      'read',
      '--agents',
      '1',
      '--footprint',
      '4KiB..16KiB',
      '--impl',
      'wasm',
      '--path',
      'direct',
    ];
    const { exitCode, stdout } = await barometer(['agents', ...given, ...SHORT, '--out', out]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Growth\n/m);
    expect(stdout).toMatch(/^ {2}16 KiB +[\d.]+ ns$/m);
    expect(stdout).toMatch(/^ {2}knee +(none|\d+ KiB, [\d.]+×)$/m);
    const { curves } = summarize(loadSamples(out));
    expect(curves.map(({ along, points }) => [along, points.map(({ at }) => at)])).toEqual([
      ['footprintBytes', [4096, 8192, 16384]],
    ]);
  });

  test('latency is told beside every load', async () => {
    using folder = temporaryFolder();
    const given = [
      'loaded-latency',
      '--agents',
      '2',
      '--footprint',
      '1MiB',
      '--impl',
      'ts',
      '--path',
      'direct',
    ];
    const out = join(folder.path, 'a.json');
    const { exitCode, stdout } = await barometer(['agents', ...given, ...SHORT, '--out', out, '--json']);
    expect(exitCode).toBe(0);
    const { workloads } = JSON.parse(stdout) as Summary;
    expect(workloads).toHaveLength(8);
    for (const { available, reason, params, sharing } of workloads) {
      if (!available) expect(reason).toMatch(/never ran together/);
      if (!available) continue;
      const { offeredBytesPerSec, bytesPerSec } = sharing!.load!;
      const interval = Number(params.loadIntervalNs);
      expect(offeredBytesPerSec).toBe(interval === 0 ? null : 4096e9 / interval);
      expect(bytesPerSec).toBeGreaterThan(0);
    }
  });

  test.skipIf(allowedProcessors().length < 2)('--pairs is a matrix of the processors', async () => {
    using folder = temporaryFolder();
    const given = ['ping-pong-cas', '--pairs', '--impl', 'wasm', '--path', 'direct', ...SHORT];
    const { exitCode, stdout } = await barometer(['agents', ...given, '--out', join(folder.path, 'a.json')]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Pairs of processors\n.*one way \| round trip\n( +CPU \d+)+\n {2}CPU \d+ /m);
  });

  test('more of them than processors are measured, and the table says so', async () => {
    using folder = temporaryFolder();
    const given = ['contended-add', '--agents', '32', '--impl', 'wasm', '--path', 'direct', ...SHORT];
    const { exitCode, stdout } = await barometer(['agents', ...given, '--out', join(folder.path, 'a.json')]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/contended-add 32 agents/);
    expect(stdout).toMatch(/32 agents on \d+ processors/);
  });

  /** Ends it once a fork is saved. Settled when nothing holds the output open any more: no process is left. */
  test.each([
    ['SIGINT', 130],
    ['SIGKILL', null],
  ] as const)('%s leaves what was measured, and no process', async (signal, exitCode) => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'a.json');
    const child = start(['agents', 'chase', 'contended-add', 'ring', '--budget', '10m', '--out', path]);
    const watcher = watch(folder.path, () => {
      if (existsSync(path)) child.kill(signal);
    });
    expect(await finish(child)).toMatchObject({ exitCode });
    watcher.close();
    expect(loadSamples(path).series.length).toBeGreaterThan(0);
  });

  test('--list names every pattern', async () => {
    const { exitCode, stdout } = await barometer(['agents', '--list']);
    expect(exitCode).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(2 * PATTERNS.length);
  });

  test.each([
    [['nosuch'], /no workload "agents\/nosuch"/],
    [['chase', '--agents', '0'], /--agents "0": expected a whole number, 1 to 64/],
    [['chase', '--footprint', '32'], /--footprint 32: expected whole lines of 64 B/],
    [['chase', '--footprint', '2GiB'], /at most 1 GiB/],
    [['chase', '--agents', '2', '--footprint', '64'], /expected a footprint of 256 bytes or more/],
    [['ping-pong-cas', '--agents', '3'], /ping-pong-cas: expected 2 agents, got 3/],
    [['chase', '--agents', '4..2'], /--agents 4..2: expected a range from less to more, as 1..16/],
    [['chase', '--role', 'gpu'], /--role "gpu": expected cpu-core, sm-cluster/],
    [['ring', '--role', 'sm-cluster'], /ring: has the accesses of cores only/],
    [['chase', '--pairs', '--agents', '4'], /--agents 4: --pairs has 2 agents/],
    [['gups', '--footprint', '3MiB'], /expected a footprint that is a power of two/],
    [['chase', '--impl', 'noop'], /--impl "noop": expected wasm, ts, native/],
    [['chase', '--path', 'somewhere'], /--path "somewhere": expected direct, emulated/],
    [['chase', '--device', 'virtio-net-vf', '--footprint', '1MiB'], /no memory region of 1 MiB/],
  ])('%j is refused', async (args, message) => {
    const { exitCode, stdout, stderr } = await barometer(['agents', ...args]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
