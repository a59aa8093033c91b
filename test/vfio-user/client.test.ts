/** The client, against our server and against what is none. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VfioUserClient } from '../../src/vfio-user/client.ts';
import { VfioUserServer } from '../../src/vfio-user/server.ts';
import { Session } from '../../src/vfio-user/session.ts';
import { command } from './messages.ts';
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
