import { describe, expect, test } from 'vitest';
import { OP_CONFIG_READ, OP_CONFIG_WRITE } from '../../assembly/layout.ts';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { Random } from '../../src/random.ts';
import { configAccesses, mixOffsets } from '../../src/workload/config-stream.ts';

const gpu = specFromFlags({ device: 'gh200-120gb' });
const generic = specFromFlags({ device: 'generic-type0' });

describe('mixOffsets', () => {
  test.each([
    ['header', 0x00, 0x40],
    ['bars', 0x10, 0x28],
  ])('%s: every register of the range, aligned to the width', (mix, start, end) => {
    for (const width of [1, 2, 4]) {
      const offsets = mixOffsets(gpu, mix, width);
      expect(offsets).toHaveLength((end - start) / width);
      expect(offsets[0]).toBe(start);
      expect(offsets.at(-1)).toBe(end - width);
      expect(offsets.every((offset) => offset % width === 0)).toBe(true);
    }
  });

  test('capabilities: those of both chains, and nothing of the header', () => {
    const offsets = mixOffsets(gpu, 'capabilities', 4);
    for (const start of [0x60, 0x68, 0x78, 0xb0, 0x100, 0x148, 0x160, 0x1a0]) {
      expect(offsets, start.toString(16)).toContain(start);
    }
    expect(Math.min(...offsets)).toBe(0x60);
    expect(Math.max(...offsets)).toBeLessThan(0x1a0 + 16);
  });

  test('capabilities: none where the device has none', () => {
    expect(mixOffsets(generic, 'capabilities', 4)).toEqual([]);
  });

  test('a capability at the end of configuration space stays inside it', () => {
    const configBytes = new Uint8Array(256);
    configBytes.set([0x10], 0x06); // capability list
    configBytes[0x34] = 0xf8;
    configBytes[0xf8] = 0x09;
    const offsets = mixOffsets({ ...generic, configBytes }, 'capabilities', 1);
    expect(offsets).toEqual([0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff]);
  });
});

describe('configAccesses', () => {
  const offsets = mixOffsets(gpu, 'bars', 4);
  const draw = (kind: 'read' | 'write', mix: string, seed: number, count = 2000) => [
    ...configAccesses(kind, offsets, 4, mix, new Random(seed), count),
  ];

  test('equal seeds give equal accesses, others give others', () => {
    expect(draw('write', 'bars', 1)).toEqual(draw('write', 'bars', 1));
    expect(draw('write', 'bars', 1)).not.toEqual(draw('write', 'bars', 2));
  });

  test('visit every register of the mix, and no other', () => {
    expect(new Set(draw('read', 'bars', 1).map(({ offset }) => offset))).toEqual(new Set(offsets));
  });

  test('reads carry no value', () => {
    const reads = draw('read', 'bars', 1);
    expect(
      reads.filter(({ op, value, width }) => op !== OP_CONFIG_READ || value !== 0 || width !== 4),
    ).toEqual([]);
  });

  test('half of the writes to BARs probe the size, no other write does', () => {
    const probes = (mix: string) => draw('write', mix, 1).filter(({ value }) => value === 0xffffffff).length;
    expect(draw('write', 'bars', 1).every(({ op }) => op === OP_CONFIG_WRITE)).toBe(true);
    // 1000 expected of 2000; a fair coin stays within 5 standard deviations of 22.
    expect(Math.abs(probes('bars') - 1000)).toBeLessThan(112);
    expect(probes('header')).toBe(0);
  });
});
