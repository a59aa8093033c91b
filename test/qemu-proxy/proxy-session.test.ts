import { describe, expect, test } from 'vitest';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { ProxySession } from '../../src/qemu-proxy/proxy-session.ts';
import { Random } from '../../src/random.ts';
import { AccessRecorder } from '../../src/vfio-user/access-recorder.ts';
import { openServed, SERVED_IMPLEMENTATIONS } from '../../src/vfio-user/open-served.ts';
import * as qemu from './messages.ts';

const ONES = 2n ** 64n - 1n;
const CONFIG_BYTES = 256;

function open(device = 'generic-type0', implementation: (typeof SERVED_IMPLEMENTATIONS)[number] = 'ts') {
  const policy = device.startsWith('gh200') ? { policy: 'nvgrace' } : {};
  let recorded = '';
  const recorder = new AccessRecorder((text) => {
    recorded += text;
  });
  const session = new ProxySession(
    openServed(specFromFlags({ device, ...policy }), implementation),
    recorder,
  );
  const ask = (message: Uint8Array) => {
    const reply = session.handle(message);
    return reply === null ? null : qemu.returned(reply);
  };
  return { session, ask, recorded: () => recorded };
}

/** BAR 0 (32 ports) at 0xc000, BAR 1 (64 KiB) at 0xfe000000, BAR 2 (256 MiB, 64 bits) at 2^40, all switched on. */
function programmed(implementation?: (typeof SERVED_IMPLEMENTATIONS)[number]) {
  const opened = open('generic-type0', implementation);
  opened.ask(qemu.configWrite(0x10, 0xc000, 4));
  opened.ask(qemu.configWrite(0x14, 0xfe000000, 4));
  opened.ask(qemu.configWrite(0x18, 0, 4));
  opened.ask(qemu.configWrite(0x1c, 0x100, 4));
  opened.ask(qemu.configWrite(0x04, 3, 2));
  return opened;
}

describe('configuration space', () => {
  test.each(SERVED_IMPLEMENTATIONS)('is sized in-band, %s', (implementation) => {
    const { ask } = open('gh200-120gb', implementation);
    expect(ask(qemu.configRead(0, 4))).toBe(0x234210den);
    expect(ask(qemu.configRead(2, 2))).toBe(0x2342n);
    expect(ask(qemu.configRead(0, 1))).toBe(0xden);
    expect(ask(qemu.configWrite(0x20, 0xffffffff, 4))).toBe(0n);
    expect(ask(qemu.configWrite(0x24, 0xffffffff, 4))).toBe(0n);
    expect(ask(qemu.configRead(0x20, 4))).toBe(0xcn);
    expect(ask(qemu.configRead(0x24, 4))).toBe(0xffffffe0n);
  });

  test.each([
    ['past its end', qemu.configRead(0x10000, 4)],
    ['of no width', qemu.configRead(0, 0)],
    ['of 3 bytes', qemu.configRead(0, 3)],
    ['of 8 bytes', qemu.configRead(0, 8)],
    ['of a negative length', qemu.configRead(0, -1)],
    ['written past its end', qemu.configWrite(0xffffffff, 1, 1)],
  ])('an access %s fails', (_, message) => {
    const { ask, session } = open();
    expect(ask(message)).toBe(ONES);
    expect(session.fault).toBeNull();
  });
});

describe('memory and ports', () => {
  test.each(SERVED_IMPLEMENTATIONS)('are reached where BARs are programmed, %s', (implementation) => {
    const { ask } = programmed(implementation);
    for (const [address, size, value] of [
      [0xfe000000n, 8, 0x1122334455667788n],
      [0xfe00fffcn, 4, 0xcafebaben],
      [2n ** 40n, 1, 0x5an],
      [2n ** 40n + 2n ** 28n - 2n, 2, 0xbeefn],
    ] as const) {
      expect(ask(qemu.barWrite(address, value, size))).toBe(0n);
      expect(ask(qemu.barRead(address, size))).toBe(value);
    }
    expect(ask(qemu.barWrite(0xc004n, 0x77n, 1, false))).toBe(0n);
    expect(ask(qemu.barRead(0xc004n, 1, false))).toBe(0x77n);
  });

  test.each([
    ['before a BAR', qemu.barRead(0xfdffffffn, 1)],
    ['behind a BAR', qemu.barRead(0xfe010000n, 1)],
    ['of ports as memory', qemu.barRead(0xc004n, 1)],
    ['of memory as ports', qemu.barRead(0xfe000000n, 1, false)],
    ['of 3 bytes', qemu.barRead(0xfe000000n, 3)],
    ['of no bytes', qemu.barRead(0xfe000000n, 0)],
    ['of 16 bytes', qemu.barRead(0xfe000000n, 16)],
    ['across the end', qemu.barRead(0xfe00fffcn, 8)],
  ])('%s, ones are read', (_, message) => {
    const { ask } = programmed();
    expect(ask(message)).toBe(ONES);
  });

  test('are those of the BARs that a driver emulates, wherever the guest puts them', () => {
    const { ask } = open('gh200-120gb');
    for (const [register, low, high] of [
      [0x10, 0x40000000, 0xe0],
      [0x18, 0, 0xe0],
      [0x20, 0, 0xc0],
    ] as const) {
      ask(qemu.configWrite(register, low, 4));
      ask(qemu.configWrite(register + 4, high, 4));
    }
    ask(qemu.configWrite(0x04, 2, 2));
    for (const [address, value] of [
      [0xc000000000n, 0x1122334455667788n],
      [0xc000000000n + 0x17bffffff8n, 0x99aabbccddeeff00n],
      [0xe000000000n, 0x0102030405060708n],
    ] as const) {
      expect(ask(qemu.barWrite(address, value, 8))).toBe(0n);
      expect(ask(qemu.barRead(address, 8))).toBe(value);
    }
    expect(ask(qemu.barRead(0x1000n, 8))).toBe(ONES);
    expect(ask(qemu.barRead(0xbffffffff8n, 8))).toBe(ONES);
  });

  test('are gone while PCI_COMMAND has them switched off, and after a reset', () => {
    const { ask } = programmed();
    ask(qemu.barWrite(0xfe000000n, 5n, 1));
    ask(qemu.configWrite(4, 1, 2));
    expect(ask(qemu.barRead(0xfe000000n, 1))).toBe(ONES);
    expect(ask(qemu.barRead(0xc000n, 1, false))).not.toBe(ONES);
    ask(qemu.configWrite(4, 2, 2));
    expect(ask(qemu.barRead(0xfe000000n, 1))).toBe(5n);
    expect(ask(qemu.barRead(0xc000n, 1, false))).toBe(ONES);
    expect(ask(qemu.RESET)).toBe(0n);
    expect(ask(qemu.barRead(0xfe000000n, 1))).toBe(ONES);
  });
});

describe('messages', () => {
  test('of memory and interrupts have no answer', () => {
    const { ask, session } = open();
    expect([ask(qemu.SYNC_SYSMEM), ask(qemu.SET_IRQFD), session.fault]).toEqual([null, null, null]);
  });

  test.each([
    ['unknown', qemu.message(8), /command 8 was given; expected one of 0, 2, 3, 4, 5, 6, 7/],
    ['negative', qemu.message(-1), /command -1 was given/],
    ['a reply', qemu.message(1, Buffer.alloc(8)), /command 1 was given/],
    ['short', qemu.message(3, Buffer.alloc(11)), /command 3 came with 11 bytes; expected 12/],
    ['long', qemu.message(5, Buffer.alloc(32)), /command 5 came with 32 bytes; expected 24/],
  ])('that are %s end it', (_, message, fault) => {
    const { session } = open();
    expect(session.handle(message)).toBeNull();
    expect(session.fault).toMatch(fault);
  });

  test('are recorded where they reached the device', () => {
    const { ask, recorded } = programmed();
    ask(qemu.configRead(0x10000, 4));
    ask(qemu.barRead(0xfe000002n, 2));
    ask(qemu.RESET);
    expect(recorded().split('\n').slice(-4)).toEqual([
      'vfio_pci_read_config  (vfio-user, @0x10000, len=0x4) 0xffffffff',
      'vfio_region_read  (vfio-user:region1+0x2, 2) = 0x0',
      'vfio_pci_reset_flr vfio-user FLR/VFIO_DEVICE_RESET',
      '',
    ]);
  });

  test('10,000 of any values are answered, or end it', () => {
    const random = new Random(7);
    const device = openServed(specFromFlags({ device: 'generic-type0' }), 'ts');
    let session = new ProxySession(device);
    const sizes = new Map([
      [0, 192],
      [2, 12],
      [3, 12],
      [4, 24],
      [5, 24],
      [6, 0],
      [7, 0],
    ]);
    let answered = 0;
    for (let i = 0; i < 10_000; i++) {
      const command = random.below(9);
      const payload = Buffer.alloc(random.below(8) === 0 ? random.below(200) : (sizes.get(command) ?? 0));
      for (let k = 0; k < payload.length; k++) payload[k] = random.below(3) === 0 ? random.below(256) : 0;
      if (command < 4 && payload.length >= 12) payload.writeUInt32LE(random.below(CONFIG_BYTES + 8), 0);
      const reply = session.handle(qemu.message(command, payload));
      if (reply !== null) {
        qemu.returned(reply);
        answered++;
      }
      if (session.fault !== null) session = new ProxySession(device);
    }
    expect(answered).toBeGreaterThan(3000);
  });
});
