import { describe, expect, test } from 'vitest';
import { layGrid } from '../../src/report/grid.ts';
import { growthGrid } from '../../src/report/growth-table.ts';
import { agentSummary } from './agents.ts';

const KIB = 1024;
const params = (agents: number, footprintBytes: number) => ({ agents, footprintBytes, path: 'direct' });
const chase = (agents: number, kib: number, ns: number) => ({
  name: 'chase',
  params: params(agents, kib * KIB),
  ns,
});
const lines = (rows: Parameters<typeof agentSummary>[0]) =>
  layGrid(growthGrid(agentSummary(rows), 100), { width: 100, flexible: 'first' }, ({ text }) => text);

describe('along footprints', () => {
  const rows = [chase(2, 32, 1), chase(2, 64, 1.1), chase(2, 128, 3), chase(2, 256, 4)];

  test('the knee is the last footprint before the largest step', () => {
    const { curves } = agentSummary(rows.toReversed());
    expect(curves).toHaveLength(1);
    const [curve] = curves;
    expect(curve).toMatchObject({ name: 'agents/chase', along: 'footprintBytes', implementation: 'wasm' });
    expect(curve!.params).toEqual({ agents: 2, path: 'direct' });
    expect(curve!.points.map(({ at }) => at)).toEqual([32, 64, 128, 256].map((kib) => kib * KIB));
    expect(curve!.knee!.at).toBe(64 * KIB);
    expect(curve!.knee!.factor).toBeCloseTo(3 / 1.1);
  });

  test('a step within the intervals is none', () => {
    const noisy = rows.map((row) => ({ ...row, ns: 1 + row.ns / 1000 }));
    expect(agentSummary(noisy).curves[0]!.knee).toBe(null);
  });

  test('two points are no curve', () => {
    expect(agentSummary(rows.slice(0, 2)).curves).toEqual([]);
  });

  test('the table has a line for each, and the knee below', () => {
    expect(lines(rows)).toEqual([
      'agents chase 2 agents, direct',
      '                   wasm',
      '  32 KiB        1.00 ns',
      '  64 KiB        1.10 ns',
      '  128 KiB       3.00 ns',
      '  256 KiB       4.01 ns',
      '  knee     64 KiB, 2.7×',
    ]);
  });
});

describe('along numbers of agents', () => {
  const rows = [
    [1, 10],
    [2, 5],
    [4, 2.5],
    [8, 2.6],
  ].map(([agents, ns]) => chase(agents!, 64, ns!));

  test('the knee is where more of them do no more', () => {
    const [curve] = agentSummary(rows).curves;
    expect(curve).toMatchObject({ along: 'agents', knee: { at: 4 } });
    expect(curve!.knee!.factor).toBeCloseTo(4);
  });

  test('there is none where they always do', () => {
    expect(agentSummary(rows.slice(0, 3)).curves[0]!.knee).toBe(null);
  });

  test('a doubling that brings nothing is no knee where the next one does', () => {
    const late = [10, 9.99, 5, 5.1].map((ns, i) => chase(2 ** i, 64, ns));
    expect(agentSummary(late).curves[0]!.knee!.at).toBe(4);
  });

  test('one agent is the knee where two do no more', () => {
    const contended = rows.map((row, i) => ({ ...row, ns: 10 + i }));
    expect(agentSummary(contended).curves[0]!.knee).toEqual({ at: 1, factor: 1 });
  });
});

test('both at once are one table: footprints down, agents across, knees at its edges', () => {
  const rows = [1, 2, 4].flatMap((agents) =>
    [32, 64, 128].map((kib) => chase(agents, kib, ((kib === 128 ? 5 : 1) * 8) / agents)),
  );
  const text = lines(rows);
  expect(text).toHaveLength(2 + 3 + 1);
  expect(text[1]!.trim().split(/\s{2,}/)).toEqual(['1 agent', '2 agents', '4 agents', 'knee']);
  expect(text[2]!.trim().split(/\s{2,}/)).toEqual(['32 KiB', '8.01 ns', '4.01 ns', '2.00 ns', 'none']);
  expect(
    text
      .at(-1)!
      .trim()
      .split(/\s{2,}/),
  ).toEqual(['knee', ...Array(3).fill('64 KiB, 5.0×')]);
});

test('where there is no room, knees are told without their factors', () => {
  const rows = [1, 2, 4].flatMap((agents) =>
    [32, 64, 128].map((kib) => chase(agents, kib, (kib === 32 ? 1 : 9) / agents)),
  );
  const summary = agentSummary(rows);
  const narrow = layGrid(growthGrid(summary, 44), { width: 44, flexible: 'first' }, ({ text }) => text);
  expect(
    narrow
      .at(-1)!
      .trim()
      .split(/\s{2,}/),
  ).toEqual(['knee', '32 KiB', '32 KiB', '32 KiB']);
});

test('implementations stand side by side where one thing is varied', () => {
  const rows = [32, 64, 128].flatMap((kib) =>
    ['wasm', 'ts'].map((implementation) => ({ ...chase(2, kib, kib), changes: { implementation } })),
  );
  expect(lines(rows)[1]!.trim().split(/\s+/)).toEqual(['wasm', 'ts']);
});
