/** What sets the consumers apart, on registers that no sane device has (specification 6.3 to 6.8, 5.3). */

import { describe, expect, test } from 'vitest';
import { type ConfigPort, RecordingPort } from '../../../src/workload/sizer/config-port.ts';
import { findSizer } from '../../../src/workload/sizer/sizers.ts';
import type { Sizing } from '../../../src/workload/sizer/sizing.ts';

/** Bits that read as ones whatever is written, and those that can be written. */
interface Register {
  readonly fixed: number;
  readonly writable: number;
}

/** A header of type 0 with these dwords; all others read 0. */
function header(registers: Readonly<Record<number, Register>>): ConfigPort {
  const values = new Map<number, number>();
  return {
    read: (offset) => ((values.get(offset) ?? 0) | (registers[offset]?.fixed ?? 0)) >>> 0,
    write: (offset, _, value) => {
      values.set(offset, (value & (registers[offset]?.writable ?? 0)) >>> 0);
    },
  };
}

const NO_REGIONS = [0n, 0n, 0n, 0n, 0n, 0n];

function sizes(
  name: string,
  registers: Readonly<Record<number, Register>>,
  regionBytes = NO_REGIONS,
): Sizing {
  return findSizer(name)!.size(header(registers), { headerType: 0, regionBytes });
}

/** What the sizer writes, as `offset: value` in hex, in order. */
function writes(name: string, registers: Readonly<Record<number, Register>>): string[] {
  const port = new RecordingPort(header(registers));
  findSizer(name)!.size(port, { headerType: 0, regionBytes: NO_REGIONS });
  return port.accesses
    .filter(({ kind }) => kind === 'write')
    .map(({ offset, value }) => `${offset.toString(16)}: ${value.toString(16)}`);
}

const bar = (barIdx: number, kind: string, prefetchable: boolean, sizeBytes: bigint) => {
  return { barIdx, kind, prefetchable, sizeBytes };
};

describe('an I/O decoder of 16 bits', () => {
  const registers = { 16: { fixed: 1, writable: 0xffe0 } };

  test.each(['linux', 'linux-older', 'freebsd', 'edk2', 'u-boot'])('%s finds 32 ports', (name) => {
    expect(sizes(name, registers).bars).toEqual([bar(0, 'io', false, 32n)]);
  });

  test.each(['seabios', 'cloud-hypervisor'])('%s takes the upper bits for address bits', (name) => {
    expect(sizes(name, registers).bars).toEqual([bar(0, 'io', false, 0xffff_0020n)]);
  });
});

describe('flag bits that only the probe shows', () => {
  // Bit 3 is writable here: at rest the BAR is not prefetchable, after the probe it is.
  const registers = { 16: { fixed: 0, writable: 0xfff0_0008 } };

  test.each(['linux', 'freebsd', 'seabios', 'cloud-hypervisor'])('%s looks before it probes', (name) => {
    expect(sizes(name, registers).bars).toEqual([bar(0, 'mem32', false, 0x10_0000n)]);
  });

  test.each(['edk2', 'u-boot'])('%s looks after', (name) => {
    expect(sizes(name, registers).bars).toEqual([bar(0, 'mem32', true, 0x10_0000n)]);
  });
});

describe('a 64-bit BAR that does not change', () => {
  const constant = { 16: { fixed: 0xc, writable: 0 } };

  test.each([
    ['linux', []],
    ['linux-older', []],
    ['freebsd', []],
    ['seabios', []],
    ['edk2', [{ barIdx: 0, why: 'the probe has no address bit' }]],
    ['u-boot', [{ barIdx: 0, why: 'the probe has no address bit' }]],
    ['cloud-hypervisor', []],
  ])('of flags alone: %s finds none', (name, unsized) => {
    expect(sizes(name, constant)).toMatchObject({ bars: [], unsized, failure: null });
  });

  test('hard-wired to an address: linux refuses it', () => {
    const { bars, unsized } = sizes('linux', { 16: { fixed: 0xfeb0_0000, writable: 0 } });
    expect({ bars, unsized }).toEqual({ bars: [], unsized: [{ barIdx: 0, why: 'hard-wired' }] });
  });
});

describe('the upper dword of a 64-bit BAR without size', () => {
  // The lower dword shows the flags only, the upper one answers as a BAR of 4 KiB would.
  const answering = { 16: { fixed: 0xc, writable: 0 } };

  function upperReads(name: string): number {
    const port = header(answering);
    let reads = 0;
    const counting: ConfigPort = {
      read: (offset, width) => {
        if (offset === 20) reads++;
        return port.read(offset, width);
      },
      write: (offset, width, value) => port.write(offset, width, value),
    };
    findSizer(name)!.size(counting, { headerType: 0, regionBytes: NO_REGIONS });
    return reads;
  }

  test.each([
    // Twice in the probe of all registers, once as the upper half, once as a BAR of its own.
    ['linux', 4],
    ['linux-older', 4],
    ['seabios', 4],
    ['cloud-hypervisor', 3],
    ['freebsd', 2],
    ['edk2', 2],
    ['u-boot', 1],
  ])('%s reads it %i times', (name, times) => {
    expect(upperReads(name)).toBe(times);
  });
});

test('edk2 fills the upper dword from its highest set bit on', () => {
  // 512 GiB on a decoder of 40 bits, which has one upper bit to write.
  const registers = { 16: { fixed: 0xc, writable: 0 }, 20: { fixed: 0, writable: 0x80 } };
  expect(sizes('edk2', registers).bars).toEqual([bar(0, 'mem64', true, 2n ** 39n)]);
  expect(sizes('linux', registers).bars).toEqual([bar(0, 'mem64', true, 2n ** 39n)]);
  expect(sizes('seabios', registers).bars).toEqual([bar(0, 'mem64', true, 2n ** 64n - 2n ** 39n)]);
});

test('edk2 does not know the type of a BAR below 1 MiB, others take it for 32 bits', () => {
  const registers = { 16: { fixed: 2, writable: 0xffff_f000 } };
  expect(sizes('edk2', registers)).toMatchObject({
    bars: [],
    unsized: [{ barIdx: 0, why: 'memory type 1 is unknown' }],
  });
  expect(sizes('linux', registers).bars).toEqual([bar(0, 'mem32', false, 4096n)]);
});

describe('qemu', () => {
  const regions = (sizeBytes: bigint) => [0n, 0n, sizeBytes, 0n, 0n, 0n];

  test('takes sizes from VFIO, flags from the device, whatever the register does', () => {
    const registers = { 24: { fixed: 0xc, writable: 0 } };
    expect(sizes('qemu', registers, regions(2n ** 37n)).bars).toEqual([bar(2, 'mem64', true, 2n ** 37n)]);
  });

  test('without flags, the guest sees no BAR from 4 GiB on, and a 32-bit one below', () => {
    expect(sizes('qemu', {}, regions(2n ** 37n)).bars).toEqual([]);
    expect(sizes('qemu', {}, regions(2n ** 30n)).bars).toEqual([bar(2, 'mem32', false, 2n ** 30n)]);
  });

  test('exits where a region is no power of two', () => {
    expect(sizes('qemu', { 24: { fixed: 0xc, writable: 0 } }, regions(95n << 30n))).toEqual({
      bars: [],
      unsized: [],
      failure: 'region 2 has 102005473280 bytes, no power of two',
    });
  });
});

describe('cloud-hypervisor', () => {
  test('takes bit 2 alone for 64 bits, where others look at bit 1 as well', () => {
    const registers = { 16: { fixed: 6, writable: 0xffff_f000 }, 20: { fixed: 0, writable: 0xffff_ffff } };
    expect(sizes('cloud-hypervisor', registers).bars).toEqual([bar(0, 'mem64', false, 4096n)]);
    expect(sizes('linux', registers).bars[0]).toEqual(bar(0, 'mem32', false, 4096n));
  });

  test('takes reserved bits of a ROM for address bits', () => {
    const registers = { 48: { fixed: 0x30, writable: 0xffff_0001 } };
    expect(sizes('cloud-hypervisor', registers).bars).toEqual([bar(6, 'rom', false, 0xffd0n)]);
    expect(sizes('seabios', registers).bars).toEqual([bar(6, 'rom', false, 0x1_0000n)]);
  });
});

describe('what is written beside the BARs', () => {
  const portsOn = { 4: { fixed: 0x0001, writable: 0 } };

  test.each(['linux', 'linux-older'])('%s turns decoding off and on, of ports as of memory', (name) => {
    const written = writes(name, portsOn);
    expect([written[0], written.at(-1)]).toEqual(['4: 0', '4: 1']);
  });

  test('linux-older keeps an enabled ROM enabled, linux does not', () => {
    const romOn = { 48: { fixed: 1, writable: 0xffff_0000 } };
    expect(writes('linux-older', romOn)).toContain('30: fffff801');
    expect(writes('linux', romOn)).toContain('30: fffff800');
  });

  test('edk2 takes away the command bits that it owns, and leaves the others', () => {
    expect(writes('edk2', { 4: { fixed: 0x07ff, writable: 0 } })[0]).toBe('4: 5c8');
  });

  test('u-boot enables what it found, bus mastering, and the ports of a VGA device', () => {
    const memory = { 16: { fixed: 0, writable: 0xffff_f000 } };
    expect(writes('u-boot', memory).slice(-3)).toEqual(['4: 6', 'c: 8', 'd: 80']);
    const vga = { ...memory, 10: { fixed: 0x0300, writable: 0 } };
    expect(writes('u-boot', vga).slice(-3)).toEqual(['4: 7', 'c: 8', 'd: 80']);
  });
});
