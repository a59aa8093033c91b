/** Checks of a served device: our server passes them, and each of them finds a fault that is planted. */
import { describe, expect, test } from 'vitest';
import { RESTORED_ID, runServedConformance, SERVED_CHECKS } from '../../src/conform/served/run-served.ts';
import { VfioUserClient } from '../../src/vfio-user/client.ts';
import { ANSWERING } from '../implementations.ts';
import { type ServedImplementation, servedProfile } from '../vfio-user/rig.ts';
import {
  type Plant,
  type PlantReply,
  readsConfig,
  type Serving,
  serve,
  writesConfigAt,
} from '../vfio-user/serving.ts';

const EINVAL = 22;
const REGION_INFO = 5;
const REGION_READ = 9;

async function check({ path }: Serving, permitted: 'reads' | 'writes' = 'writes') {
  const client = await VfioUserClient.connect(path);
  const report = await runServedConformance(client, permitted, new AbortController().signal);
  client.close();
  return report;
}

describe.each(ANSWERING)('our server, %s', (implementation) => {
  test.each([
    ['gh200-120gb', 'nvgrace'],
    ['gh200-120gb', 'strict'],
    ['gh200-no-bar2', 'nvgrace'],
    ['generic-type0', 'strict'],
    ['virtio-net-vf', 'virtio'],
  ])('passes as %s under %s, and is left as it was', async (profile, policy) => {
    const device = servedProfile(profile, policy, implementation as ServedImplementation);
    await using serving = await serve(() => device);
    const { failures, passed, skipped } = await check(serving);
    expect(failures).toEqual([]);
    expect(passed + skipped).toBe(SERVED_CHECKS.length + 1);
    expect(passed).toBeGreaterThanOrEqual(33);
  });
});

test('nothing is written where that is not permitted', async () => {
  await using serving = await serve(() => servedProfile('gh200-120gb', 'nvgrace'));
  const report = await check(serving, 'reads');
  expect(serving.writes).toEqual([]);
  expect(report).toMatchObject({ failed: 0, skipped: 11 });
  expect(new Set(report.skips.map(({ reason }) => reason))).toEqual(new Set(['writes; --allow-writes']));
});

/** Where a reply to a read of the configuration region begins at `offset` and holds `count` bytes, its data. */
function dataAt(reply: Buffer, offset: number): Buffer | null {
  const isRead = reply.readUInt16LE(2) === REGION_READ && reply.length >= 32;
  if (!isRead || reply.readUInt32LE(24) !== 7) return null;
  const at = offset - Number(reply.readBigUInt64LE(16));
  return at >= 0 && at < reply.length - 32 ? reply.subarray(32 + at) : null;
}

/** Bytes of configuration space that read otherwise than they are. */
function reading(offset: number, ...bytes: readonly number[]): PlantReply {
  return (reply) => {
    for (const [i, byte] of bytes.entries()) dataAt(reply, offset + i)?.writeUInt8(byte);
  };
}

function regionInfo(index: number, change: (reply: Buffer) => void): PlantReply {
  return (reply) => {
    if (reply.readUInt16LE(2) === REGION_INFO && reply.length === 48 && reply.readUInt32LE(24) === index)
      change(reply);
  };
}

const sized = (index: number, sizeBytes: bigint) =>
  regionInfo(index, (reply) => {
    reply.writeUInt32LE(3, 20);
    reply.writeBigUInt64LE(sizeBytes, 32);
  });

/** Reads of one place that go to another. */
function moved(region: number, offset: bigint, to: { region: number; offset: bigint }, count = 4): Plant {
  return (message) => {
    const request = Buffer.from(message.buffer, message.byteOffset, message.length);
    const isRead = request.readUInt16LE(2) === REGION_READ;
    if (!isRead || request.readUInt32LE(24) !== region || request.readBigUInt64LE(16) !== offset) return null;
    if (request.readUInt32LE(28) !== count) return null;
    request.writeUInt32LE(to.region, 24);
    request.writeBigUInt64LE(to.offset, 16);
    return null;
  };
}

const refusedRead =
  (region: number, offset: bigint, count: number): Plant =>
  (message) => {
    const request = Buffer.from(message.buffer, message.byteOffset, message.length);
    const isIt =
      request.readUInt16LE(2) === REGION_READ &&
      request.readUInt32LE(24) === region &&
      request.readBigUInt64LE(16) === offset &&
      request.readUInt32LE(28) === count;
    return isIt ? EINVAL : null;
  };

/** A register that reads otherwise once ones were written somewhere. */
function afterOnes(writtenAt: number, plantReply: PlantReply): [Plant, PlantReply] {
  let written = false;
  return [
    (message) => {
      if (writesConfigAt(message, writtenAt)) written = message.subarray(32).every((byte) => byte === 0xff);
      return null;
    },
    (reply) => {
      if (written) plantReply(reply);
    },
  ];
}

interface Fault {
  readonly profile?: string;
  readonly policy?: string;
  readonly plant?: Plant;
  readonly plantReply?: PlantReply;
}

const FAULTS: Readonly<Record<string, () => Fault>> = {
  '8.1 device info is that of a PCI function': () => ({
    plantReply: (reply) => {
      if (reply.readUInt16LE(2) === 4) reply.writeUInt32LE(8, 24);
    },
  }),
  '8.1 the configuration region has 256 or 4096 bytes and can be read and written': () => ({
    plantReply: sized(7, 512n),
  }),
  '8.1 a region can be accessed where it has a size, and has no flags where it has none': () => ({
    plantReply: regionInfo(1, (reply) => reply.writeUInt32LE(1, 20)),
  }),
  '8.1 BAR sizes are powers of two, of I/O 4 to 256 bytes, of memory 16 or more': () => ({
    plantReply: sized(0, 3n * 2n ** 20n),
  }),
  '8.1 the upper half of a 64-bit BAR is no region': () => ({ plantReply: sized(1, 4096n) }),
  '8.1 there is no region past the last one': () => ({
    plant: (message) => {
      if (message[2] === REGION_INFO && message[24] === 9) message[24] = 0;
      return null;
    },
  }),
  '7.1 a vendor answers': () => ({ plantReply: reading(0, 0xff, 0xff) }),
  '7.1 the header type is 0, 1 or 2': () => ({ plantReply: reading(0x0e, 5) }),
  '7.1 reserved bits of COMMAND are 0': () => ({ plantReply: reading(0x05, 0x80) }),
  '7.2 types of BARs are 32-bit or 64-bit memory, or I/O': () => ({ plantReply: reading(0x10, 0x0a) }),
  '7.2 a region of more than 2 GiB has a 64-bit BAR': () => ({
    profile: 'gh200-no-bar2',
    policy: 'passthrough',
  }),
  '7.2 a 64-bit BAR has a register for its upper half': () => ({
    plantReply: (reply) => {
      sized(5, 65_536n)(reply);
      reading(0x24, 0x0c)(reply);
    },
  }),
  '7.2 addresses in BARs are multiples of their sizes': () => ({ plantReply: reading(0x11, 0x10) }),
  '7.4 capabilities are a chain that ends': () => ({ plantReply: reading(0x61, 0x60) }),
  '7.4 extended capabilities are a chain that ends': () => ({ plantReply: reading(0x102, 0x01, 0x10) }),
  '2.2 reads of 1, 2 and 4 bytes agree in the header': () => ({
    plant: moved(7, 2n, { region: 7, offset: 3n }, 1),
  }),
  '8.2 a read of no bytes is answered with none': () => ({ plant: refusedRead(7, 0n, 0) }),
  '8.2 a read past the configuration region is an error': () => ({
    plant: moved(7, 4096n, { region: 7, offset: 0n }),
  }),
  '8.2 a read across the end of the configuration region is an error': () => ({
    plant: moved(7, 4094n, { region: 7, offset: 0n }),
  }),
  '8.2 a read of a region past the last one is an error': () => ({
    plant: moved(9, 0n, { region: 7, offset: 0n }),
  }),
  '8.2 a read of a region without a size is an error': () => ({
    plant: moved(1, 0n, { region: 7, offset: 0n }),
  }),
  '8.2 the last byte of each BAR can be read': () => ({ plant: refusedRead(4, 2n ** 37n - 1n, 1) }),
  '8.2 a read past a BAR is an error': () => ({ plant: moved(4, 2n ** 37n, { region: 4, offset: 0n }) }),
  '8.2 a read across the end of a BAR is an error': () => ({
    plant: moved(4, 2n ** 37n - 2n, { region: 4, offset: 0n }),
  }),
  '7.1 ids, class and header type are read-only': () => {
    let written = false;
    return {
      plant: (message) => {
        written ||= writesConfigAt(message, 0);
        return null;
      },
      plantReply: (reply) => {
        if (written) reading(0, 0x12)(reply);
      },
    };
  },
  '7.1 COMMAND turns decoding of its spaces on and off': () => ({
    plant: (message) => {
      if (writesConfigAt(message, 4)) message[16] = 0x28;
      return null;
    },
  }),
  '7.1 reserved bits of COMMAND stay 0': () => {
    let written = false;
    return {
      plant: (message) => {
        if (writesConfigAt(message, 4)) written = (message[33]! & 0xf8) !== 0;
        return null;
      },
      plantReply: (reply) => {
        if (written) reading(5, 0xf8)(reply);
      },
    };
  },
  '7.3 BARs have the sizes of their regions: ones in one register at a time': () => ({
    profile: 'gh200-no-bar2',
    policy: 'passthrough',
  }),
  '7.3 BARs have the sizes of their regions: ones in both halves at once': () => {
    const [plant, plantReply] = afterOnes(0x14, reading(0x10, 0x0c, 0, 0, 0));
    return { plant, plantReply };
  },
  '7.3 BARs have the sizes of their regions: ones byte by byte': () => ({ policy: 'v13' }),
  '7.2 flags of BARs are read-only': () => ({ policy: 'v13' }),
  '7.2 BARs hold an address': () => ({ policy: 'v13' }),
  '7.2 registers without a BAR stay 0': () => {
    const [plant, plantReply] = afterOnes(0x24, reading(0x24, 0xff));
    return { profile: 'gh200-no-bar2', policy: 'v13', plant, plantReply };
  },
  '7.3 the ROM has the size of its region': () => ({
    profile: 'generic-type0',
    plantReply: reading(0x31, 0xf0),
  }),
  [RESTORED_ID]: () => ({
    plant: (message) => {
      if (writesConfigAt(message, 0x14) && message[35] !== 0xff) message[16] = 0x28;
      return null;
    },
  }),
};

test('each check has a fault that it is to find', () => {
  expect(Object.keys(FAULTS)).toEqual([...SERVED_CHECKS.map(({ id }) => id), RESTORED_ID]);
});

describe('a planted fault is found by', () => {
  test.each(Object.entries(FAULTS))('%s', async (id, fault) => {
    const { profile = 'gh200-120gb', policy = 'strict', plant, plantReply } = fault();
    await using serving = await serve(() => servedProfile(profile, policy), plant, plantReply);
    const { failures } = await check(serving);
    expect(failures.map((failure) => failure.id)).toContain(id);
    for (const { expected, actual } of failures) {
      expect(expected).not.toBe('');
      expect(actual).not.toBe('');
    }
  });
});

test('GPU memory behind a BAR without type bits fails without a write', async () => {
  await using serving = await serve(() => servedProfile('gh200-no-bar2', 'passthrough'));
  const { failures } = await check(serving, 'reads');
  expect(failures).toEqual([
    {
      id: '7.2 a region of more than 2 GiB has a 64-bit BAR',
      implementation: 'served',
      expected: 'memory type 64-bit in the register of each',
      actual: 'BAR 2 of 137438953472 bytes reads 00000000',
    },
  ]);
});

test.each([0n, 1n, 63n, 2n ** 64n - 1n])(
  'regions of %i bytes are faults like any other',
  async (sizeBytes) => {
    await using serving = await serve(
      () => servedProfile('gh200-120gb', 'strict'),
      undefined,
      (reply) => {
        for (const index of [0, 4, 7]) sized(index, sizeBytes)(reply);
      },
    );
    const { failures } = await check(serving);
    expect(failures.map(({ id }) => id)).toContain(
      '8.1 the configuration region has 256 or 4096 bytes and can be read and written',
    );
  },
);

/** The configuration space of a header type, with a 64-bit BAR in register 1 and regions at all six. */
function headerOfType(headerType: number): PlantReply {
  return (reply) => {
    for (const index of [0, 1, 2, 3, 4, 5]) sized(index, 65_536n)(reply);
    reading(0x0e, headerType)(reply);
    reading(0x14, 0x0c)(reply);
  };
}

describe('registers that are no BARs of the header type are never written', () => {
  // Ids, COMMAND, and class to header type: all but STATUS and BIST.
  const COMMON = [...bytesOf(0x00, 6), ...bytesOf(0x08, 7)];
  test.each([
    ['a bridge', 1, [...COMMON, ...bytesOf(0x10, 8), ...bytesOf(0x38, 4)]],
    ['a CardBus bridge', 2, [...COMMON, ...bytesOf(0x10, 4)]],
    ['a reserved one', 5, COMMON],
  ])('%s, type %i', async (_, headerType, allowed) => {
    const device = servedProfile('generic-type0', 'strict');
    await using serving = await serve(() => device, undefined, headerOfType(headerType));
    const { failures } = await check(serving);
    expect(serving.writes.length).toBeGreaterThan(0);
    for (const { region, offset, data } of serving.writes) {
      expect(region).toBe(7);
      expect(allowed).toEqual(expect.arrayContaining(bytesOf(Number(offset), data.length)));
    }
    expect(failures.map(({ id }) => id)).not.toContain(RESTORED_ID);
  });

  test('and of a reserved one, BARs are not tried at all', async () => {
    await using serving = await serve(
      () => servedProfile('generic-type0', 'strict'),
      undefined,
      headerOfType(5),
    );
    const { skips } = await check(serving);
    const reason = 'header type 5 is reserved: where it has BARs is not known';
    expect(skips.filter((skip) => skip.reason === reason)).toHaveLength(6);
  });
});

function bytesOf(offset: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => offset + i);
}

test('registers that refuse what they cannot take are read-only', async () => {
  // As those of libvfio-user: ids, the header type, and reserved bits of COMMAND.
  await using serving = await serve(
    () => servedProfile('gh200-120gb', 'strict'),
    (message) => {
      const isReserved = writesConfigAt(message, 4) && (message[33]! & 0xf8) !== 0;
      return isReserved || writesConfigAt(message, 0) || writesConfigAt(message, 0x0e) ? EINVAL : null;
    },
  );
  expect(await check(serving)).toMatchObject({ failed: 0, passed: 34 });
});

describe('ids that can be written', () => {
  /** A device whose ids the server keeps: it takes those writes that it is told to. */
  function writableIds(takes: (writeIdx: number) => boolean, readRefused: boolean) {
    const ids = Buffer.from('de104223', 'hex');
    let writeIdx = 0;
    const plant: Plant = (message) => {
      if (writesConfigAt(message, 0) && takes(writeIdx++)) ids.set(message.subarray(32));
      const isChanged = ids[0] !== 0xde;
      return readRefused && isChanged && readsConfig(message, 0, 4) ? EINVAL : null;
    };
    const plantReply: PlantReply = (reply) => reading(0, ...ids)(reply);
    return { ids, plant, plantReply };
  }
  const readOnly = '7.1 ids, class and header type are read-only';

  test('are written back where they can no longer be read', async () => {
    const { ids, plant, plantReply } = writableIds(() => true, true);
    await using serving = await serve(() => servedProfile('gh200-120gb', 'strict'), plant, plantReply);
    const { failures } = await check(serving);
    expect(failures).toMatchObject([{ id: readOnly, actual: expect.stringMatching(/error 22/) }]);
    expect(ids.toString('hex')).toBe('de104223');
  });

  test('and not written back are told', async () => {
    const { plant, plantReply } = writableIds((writeIdx) => writeIdx === 0, false);
    await using serving = await serve(() => servedProfile('gh200-120gb', 'strict'), plant, plantReply);
    const { failures } = await check(serving);
    const name = 'PCI_VENDOR_ID and PCI_DEVICE_ID';
    expect(failures.map(({ id, actual }) => [id, actual])).toEqual([
      [readOnly, `${name} 234210de became dcbdef21`],
      [RESTORED_ID, `${name} at 00 was 234210de before, and reads dcbdef21 after it was written back`],
    ]);
  });
});

test('a register that cannot be saved keeps checks from writing, and what was read stands', async () => {
  await using serving = await serve(
    () => servedProfile('gh200-120gb', 'strict'),
    (message) => (readsConfig(message, 0x0d, 1) ? EINVAL : null),
  );
  const { passed, failures, skips } = await check(serving);
  expect(serving.writes).toEqual([]);
  expect(failures.map(({ id }) => id)).toEqual(['2.2 reads of 1, 2 and 4 bytes agree in the header']);
  expect([passed, skips.length]).toEqual([23, 11]);
  for (const { reason } of skips) {
    expect(reason).toMatch(/^PCI_LATENCY_TIMER at 0d cannot be read, so that .*; nothing was written: /);
  }
});

test('a device that leaves at a check has failed it; what comes after is skipped', async () => {
  await using serving = await serve(
    () => servedProfile('gh200-120gb', 'strict'),
    (message) => (message[2] === REGION_READ && message[28] === 0 ? 'leave' : null),
  );
  const { failures, skips, passed } = await check(serving);
  expect(failures).toMatchObject(
    [{ id: '8.2 a read of no bytes is answered with none', actual: /the server closed the connection/ }].map(
      (failure) => ({ ...failure, actual: expect.stringMatching(failure.actual) }),
    ),
  );
  expect(new Set(skips.map(({ reason }) => reason))).toEqual(new Set(['the connection is gone']));
  expect(passed + skips.length).toBe(SERVED_CHECKS.length);
});

test('it ends between two checks where it is told to, with the registers as they were', async () => {
  const controller = new AbortController();
  await using serving = await serve(
    () => servedProfile('gh200-120gb', 'strict'),
    (message) => {
      if (writesConfigAt(message, 0x10)) controller.abort();
      return null;
    },
  );
  const client = await VfioUserClient.connect(serving.path);
  const report = await runServedConformance(client, 'writes', controller.signal);
  client.close();
  expect(report.failed).toBe(0);
  expect(report.passed).toBeLessThan(SERVED_CHECKS.length);
  expect(serving.writes.at(-1)!.offset).toBe(4n);
});
