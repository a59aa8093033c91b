/** Windows on servers in this process: what they yield, and what ends them. */
import { describe, expect, test } from 'vitest';
import { decodeHdr } from '../../../src/histogram/hdr.ts';
import { ServedGroup } from '../../../src/measure/served/served-group.ts';
import { SERVED_WORKLOADS, type ServedWorkload } from '../../../src/measure/served/workloads.ts';
import { servedProfile } from '../../vfio-user/rig.ts';
import { type Plant, type Serving, serve, writesConfigAt } from '../../vfio-user/serving.ts';

const EIO = 5;
const SPAN = { first: 0, budgetMs: 0, atLeast: 2, atMost: 2 };
const READS = SERVED_WORKLOADS.filter(({ name }) => name !== 'served/region-write');

function group(
  { path }: Serving,
  workloads: readonly ServedWorkload[],
  stopped: () => boolean = () => false,
): ServedGroup {
  const subject = { kind: 'served', workloads, path, version: '0.0.0' } as const;
  const request = { fork: 3, block: 1, subject, layers: false, runtime: 'node 1', seed: 7 };
  return new ServedGroup(request, { progress: () => {}, stopped });
}

async function measured(serving: Serving, workloads: readonly ServedWorkload[]) {
  const measuring = group(serving, workloads);
  await measuring.prepare();
  expect(await measuring.measure(SPAN)).toBe(2);
  return measuring.finish();
}

const isRead = (message: Uint8Array, region: number) => message[2] === 9 && message[24] === region;
const isWrite = (message: Uint8Array, region: number) => message[2] === 10 && message[24] === region;

test('each workload has a row of every round, and latencies where one is on its way', async () => {
  await using serving = await serve(() => servedProfile('gh200-120gb', 'nvgrace'));
  const { series, unavailable, latencies } = await measured(serving, READS);
  expect(unavailable).toEqual([]);
  expect(series.map(({ workload, params }) => ({ name: workload, params }))).toEqual(READS);
  for (const { implementation, fork, block, round, durationNs, operations, params } of series) {
    expect({ implementation, fork, block, round }).toEqual({
      implementation: 'served',
      fork: 3,
      block: 1,
      round: [0, 1],
    });
    expect(Math.min(...durationNs)).toBeGreaterThan(0);
    expect(operations[0]! % Number(params.inFlight)).toBe(0);
  }
  expect(series[0]).toMatchObject({ checksum: '234210de', payloadBytesPerOp: null, tier: 'mixed' });
  expect(series[2]).toMatchObject({ checksum: '00000000', payloadBytesPerOp: 4 });
  expect(latencies.map(({ params }) => params.inFlight)).toEqual([1, 1, 1]);
  const operations = series[0]!.operations.reduce((sum, count) => sum + count);
  expect([latencies[0]!.count, decodeHdr(latencies[0]!.histogram, 'h').count]).toEqual([
    operations,
    operations,
  ]);
  expect(serving.writes).toEqual([]);
});

test('what is written is what was read there, at the start of the largest memory BAR', async () => {
  await using serving = await serve(() => servedProfile('gh200-no-bar2', 'nvgrace'));
  const workloads = SERVED_WORKLOADS.filter(({ name }) => name === 'served/region-write');
  const { series } = await measured(serving, workloads);
  expect(series).toHaveLength(workloads.length);
  expect(new Set(serving.writes.map(({ region, offset }) => `${region} ${offset}`))).toEqual(
    new Set(['4 0']),
  );
  expect(serving.writes.every(({ data }) => data.every((byte) => byte === 0))).toBe(true);
});

describe('a wrong answer ends it', () => {
  const later = (plant: Plant): Plant => {
    let seen = 0;
    return (message, commandIdx) => (seen++ < 40 ? null : plant(message, commandIdx));
  };

  test('ids that change', async () => {
    let count = 0;
    await using serving = await serve(
      () => servedProfile('gh200-120gb', 'nvgrace'),
      undefined,
      (reply) => {
        if (reply.length === 36 && reply.readBigUInt64LE(16) === 0n && count++ === 20) reply[32] = 0xff;
      },
    );
    await expect(measured(serving, READS.slice(0, 1))).rejects.toMatchObject({
      name: 'WrongAnswerError',
      exitCode: 5,
      message:
        'served/config-read {"widthBytes":4,"inFlight":1}: wrong answer: vendor and device id 234210de, then 234210ff',
    });
  });

  test('memory that does not hold what was written', async () => {
    await using serving = await serve(
      () => servedProfile('gh200-120gb', 'nvgrace'),
      later((message) => {
        if (message[2] === 10) message[32] = 1;
        return null;
      }),
    );
    const workload = SERVED_WORKLOADS.find(({ name }) => name === 'served/region-write')!;
    await expect(measured(serving, [workload])).rejects.toThrow(
      /region-write .*: wrong answer: the start of region 4 holds other bytes than were written to it/,
    );
  });

  test('a server that leaves', async () => {
    await using serving = await serve(
      () => servedProfile('gh200-120gb', 'nvgrace'),
      later(() => 'leave'),
    );
    await expect(measured(serving, READS)).rejects.toMatchObject({
      name: 'BarometerError',
      exitCode: 2,
      message: expect.stringMatching(/the server closed the connection/),
    });
  });
});

describe('what a device does not have is no row, and says why', () => {
  test('memory that refuses', async () => {
    await using serving = await serve(
      () => servedProfile('gh200-120gb', 'nvgrace'),
      (message) => (isRead(message, 4) ? EIO : null),
    );
    const { series, unavailable } = await measured(serving, READS);
    expect(series).toHaveLength(2);
    expect(unavailable).toHaveLength(4);
    expect(unavailable[0]!.reason).toMatch(/error 5 in reply to command 9; is decoding off in COMMAND\?/);
  });

  test('memory that refuses writes, and is read all the same', async () => {
    await using serving = await serve(
      () => servedProfile('gh200-120gb', 'nvgrace'),
      (message) => (isWrite(message, 4) ? EIO : null),
    );
    const { series, unavailable } = await measured(serving, SERVED_WORKLOADS);
    expect(series.map(({ workload, params }) => ({ name: workload, params }))).toEqual(READS);
    expect(unavailable).toHaveLength(SERVED_WORKLOADS.length - READS.length);
    for (const { workload, reason } of unavailable) {
      expect(workload).toBe('served/region-write');
      expect(reason).toMatch(
        /^region 4 can be read and refuses to be written: vfio-user:.*: error 5 in reply to command 10$/,
      );
    }
  });

  test('a memory BAR of that size', async () => {
    await using serving = await serve(
      () => servedProfile('gh200-120gb', 'nvgrace'),
      undefined,
      (reply) => {
        const index = reply.length === 48 && reply.readUInt16LE(2) === 5 ? reply.readUInt32LE(24) : 7;
        if (index < 6) reply.writeBigUInt64LE(index === 4 ? 256n : 0n, 32);
      },
    );
    const { series, unavailable } = await measured(serving, READS);
    expect(series).toHaveLength(4);
    expect(unavailable.map(({ params, reason }) => [params.sizeBytes, reason])).toEqual([
      [4096, 'its largest memory BAR has 256 bytes'],
      [4096, 'its largest memory BAR has 256 bytes'],
    ]);
  });

  test('a memory BAR', async () => {
    await using serving = await serve(
      () => servedProfile('gh200-120gb', 'nvgrace'),
      undefined,
      (reply) => {
        if (reply.readUInt16LE(2) === 5 && reply.length === 48 && reply.readUInt32LE(24) < 6) {
          reply.fill(0, 32, 40);
        }
      },
    );
    const { unavailable } = await measured(serving, READS.slice(0, 3));
    expect(unavailable).toMatchObject([{ workload: 'served/region-read', reason: 'it has no memory BAR' }]);
  });
});

test('ends between two windows where it is told to, and keeps those before', async () => {
  await using serving = await serve(() => servedProfile('gh200-120gb', 'nvgrace'));
  let isStopped = false;
  const measuring = group(serving, READS.slice(0, 1), () => isStopped);
  await measuring.prepare();
  expect(await measuring.measure({ ...SPAN, atLeast: 1, atMost: 1 })).toBe(1);
  isStopped = true;
  expect(await measuring.measure({ ...SPAN, first: 1 })).toBe(0);
  const { series } = await measuring.finish();
  expect(series.map(({ round }) => round)).toEqual([[0]]);
});

test('registers are never written', async () => {
  let written = false;
  await using serving = await serve(
    () => servedProfile('gh200-120gb', 'nvgrace'),
    (message) => {
      for (let at = 0; at < 64; at += 4) written ||= writesConfigAt(message, at);
      return null;
    },
  );
  await measured(serving, SERVED_WORKLOADS.slice(0, 8));
  expect(written).toBe(false);
});
