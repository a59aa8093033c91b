/** The client, against our server and against what is none. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { VfioUserClient } from '../../src/vfio-user/client.ts';
import { VfioUserServer } from '../../src/vfio-user/server.ts';
import { Session } from '../../src/vfio-user/session.ts';
import { command, words } from './messages.ts';
import { servedDevice } from './rig.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-client-'));
  path = join(folder, 's');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('of our server', () => {
  let server: VfioUserServer;
  beforeEach(async () => {
    server = new VfioUserServer({
      path,
      newSession: () => new Session(servedDevice()),
      once: false,
      say: () => {},
    });
    await server.listen();
  });
  afterEach(async () => {
    server.close();
    await server.ended();
  });

  test('reads regions, however long', async () => {
    const client = await VfioUserClient.connect(path);
    expect(await client.regionInfo(4)).toEqual({ flags: 3, sizeBytes: 2n ** 37n });
    expect((await client.read(7, 0n, 4096)).subarray(0, 2)).toEqual(Uint8Array.of(0xde, 0x10));
    expect(await client.read(4, 0n, 200_000)).toEqual(new Uint8Array(200_000));
    await expect(client.regionInfo(9)).rejects.toThrow(/error 22 in reply to command 5/);
    await expect(client.read(4, 2n ** 37n, 4)).rejects.toThrow(/error \d+ in reply to command 9/);
    client.close();
  });

  test('writes regions, however long, and reads back what it wrote', async () => {
    const client = await VfioUserClient.connect(path);
    const data = Uint8Array.from({ length: 200_000 }, (_, i) => i * 31);
    await client.write(4, 2n ** 36n + 1n, data);
    expect(await client.read(4, 2n ** 36n + 1n, data.length)).toEqual(data);
    await client.write(7, 0x10n, Uint8Array.of(0xff, 0xff, 0xff, 0xff));
    expect(await client.read(7, 0x10n, 4)).toEqual(Uint8Array.of(0x0c, 0, 0, 0xff));
    await expect(client.write(4, 2n ** 37n, Uint8Array.of(1))).rejects.toThrow(
      /error \d+ in reply to command 10/,
    );
    client.close();
  });

  test('tells what the device is', async () => {
    const client = await VfioUserClient.connect(path);
    expect(await client.deviceInfo()).toEqual({ flags: 3, regionCount: 9, irqCount: 5 });
    client.close();
  });

  test('has many requests on their way, and goes on after one that was refused', async () => {
    const client = await VfioUserClient.connect(path);
    const asked = Array.from({ length: 300 }, (_, i) => client.read(7, BigInt(i % 4), 1));
    const refused = client.read(4, 2n ** 37n, 4);
    await expect(refused).rejects.toMatchObject({ name: 'RefusedRequest', errno: 22 });
    const bytes = (await Promise.all(asked)).map(([byte]) => byte);
    expect(bytes).toEqual(Array.from({ length: 300 }, (_, i) => [0xde, 0x10, 0x42, 0x23][i % 4]));
    expect(await client.read(7, 0n, 0)).toEqual(new Uint8Array(0));
    client.close();
    await expect(client.read(7, 0n, 4)).rejects.toThrow('the connection was closed here');
  });

  test('has 32,768 requests on their way at most; one more is an error, and it goes on', async () => {
    const client = await VfioUserClient.connect(path);
    const asked = Array.from({ length: 32_768 }, () => client.read(7, 0n, 1));
    const tooMany = [client.read(7, 0n, 1), client.write(7, 0n, Uint8Array.of(0)), client.regionInfo(0)];
    for (const one of await Promise.allSettled(tooMany)) {
      expect(one).toMatchObject({
        status: 'rejected',
        reason: {
          name: 'BarometerError',
          message: `vfio-user:${path}: 32768 requests have no reply yet, expected fewer; await some before the next one`,
        },
      });
    }
    expect(new Set((await Promise.all(asked)).map(([byte]) => byte))).toEqual(new Set([0xde]));
    expect(await client.read(7, 0n, 2)).toEqual(Uint8Array.of(0xde, 0x10));
    client.close();
  });

  test('has message ids that come round', async () => {
    const client = await VfioUserClient.connect(path);
    for (let done = 0; done < 70_000; done += 1000) {
      await Promise.all(Array.from({ length: 1000 }, () => client.read(7, 0n, 1)));
    }
    expect(await client.read(7, 0n, 2)).toEqual(Uint8Array.of(0xde, 0x10));
    client.close();
  });

  test('is told at once where the server goes with requests on their way', async () => {
    const client = await VfioUserClient.connect(path);
    const asked = [client.read(7, 0n, 4), client.read(7, 4n, 4)];
    server.close();
    for (const { status } of await Promise.allSettled(asked)) expect(status).toBe('rejected');
    await expect(client.read(7, 0n, 4)).rejects.toThrow(/the server closed the connection|ECONNRESET|EPIPE/);
  });

  test('is told where another one is served', async () => {
    const first = await VfioUserClient.connect(path);
    await expect(VfioUserClient.connect(path)).rejects.toThrow(/error 16 in reply to command 1/);
    first.close();
  });
});

describe('of others', () => {
  let other: Server;
  async function answering(...replies: readonly Uint8Array[]) {
    const left = [...replies];
    other = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => {
        const next = left.shift();
        if (next) socket.write(next);
        else socket.destroy();
      });
    }).listen(path);
    await once(other, 'listening');
  }
  afterEach(() => other.close());

  const reply = (number: number, payload: Uint8Array, options = {}) =>
    command(number, payload, { messageId: 1, flags: 1, ...options });

  test.each([
    ['nothing', [], /the server closed the connection/],
    ['another version', [reply(1, Uint8Array.of(1, 0, 0, 0))], /no version 0/],
    ['a version cut short', [reply(1, Uint8Array.of(0, 0))], /no version 0/],
    ['a command', [reply(1, new Uint8Array(4), { flags: 0 })], /a command of command 1 where a reply/],
    [
      'a reply to something else',
      [reply(9, new Uint8Array(4))],
      /a reply of command 9 where a reply to command 1/,
    ],
    ['a reply to another message', [reply(1, new Uint8Array(4), { messageId: 2 })], /a reply of command 1/],
    ['a size that is none', [reply(1, new Uint8Array(4), { sizeBytes: 3 })], /message size 3/],
    [
      'more than anybody asked for',
      [reply(1, new Uint8Array(4), { sizeBytes: 2 ** 31 })],
      /message size 2147483648/,
    ],
    ['garbage', [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')], /vfio-user:/],
  ])('that answer %s is refused', async (_, replies, message) => {
    await answering(...replies);
    await expect(VfioUserClient.connect(path)).rejects.toThrow(message);
  });

  test('that answer with fewer bytes is refused', async () => {
    const second = { messageId: 2 };
    await answering(reply(1, new Uint8Array(4)), reply(5, new Uint8Array(31), second));
    const client = await VfioUserClient.connect(path);
    await expect(client.regionInfo(0)).rejects.toThrow(/31 bytes of region info/);
    client.close();
  });

  test.each([
    ['cut short', new Uint8Array(15), /15 bytes in reply to a write/],
    ['of fewer bytes', words(0n, 7, 1), /1 bytes written of 2/],
  ])('that acknowledge a write %s are refused', async (_, payload, message) => {
    await answering(reply(1, new Uint8Array(4)), reply(10, payload, { messageId: 2 }));
    const client = await VfioUserClient.connect(path);
    await expect(client.write(7, 0n, Uint8Array.of(1, 2))).rejects.toThrow(message);
    client.close();
  });

  test('that never answer are given up', async () => {
    other = createServer(() => {}).listen(path);
    await once(other, 'listening');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const asked = VfioUserClient.connect(path);
      vi.advanceTimersByTime(5000);
      await expect(asked).rejects.toThrow(/vfio-user:.*: no answer within 5 s/);
    } finally {
      vi.useRealTimers();
    }
  });

  test('that answer nothing where nothing was asked for are understood', async () => {
    const nothing = new Uint8Array(0);
    await answering(
      reply(1, new Uint8Array(4)),
      reply(9, nothing, { messageId: 2 }),
      reply(10, nothing, { messageId: 3 }),
    );
    const client = await VfioUserClient.connect(path);
    expect(await client.read(7, 0n, 0)).toEqual(nothing);
    await client.write(7, 0n, nothing);
    client.close();
  });

  test('that answer with more bytes than were read is refused', async () => {
    await answering(reply(1, new Uint8Array(4)), reply(9, new Uint8Array(16 + 8), { messageId: 2 }));
    const client = await VfioUserClient.connect(path);
    await expect(client.read(7, 0n, 4)).rejects.toThrow(/8 bytes in reply to a read of 4/);
    client.close();
  });
});

test('of a path where nobody is says so', async () => {
  await expect(VfioUserClient.connect(path)).rejects.toThrow(
    /vfio-user:.*ENOENT; expected the socket of a vfio-user server/,
  );
});
