/** The server behind its socket. */

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BarometerError } from '../../src/errors.ts';
import { AccessRecorder } from '../../src/vfio-user/access-recorder.ts';
import { VfioUserServer } from '../../src/vfio-user/server.ts';
import { Session } from '../../src/vfio-user/session.ts';
import { command, type Reply, regionRead, regionWrite, repliesIn, version } from './messages.ts';
import { servedDevice } from './rig.ts';

let folder: string;
let path: string;
let server: VfioUserServer | null;
let said: string[];
const device = servedDevice();
const BACK_TO_BACK = 100;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-serve-'));
  path = join(folder, 's');
  said = [];
  server = null;
});
afterEach(async () => {
  server?.close();
  await server?.ended().catch(() => {});
  rmSync(folder, { recursive: true });
});

async function serve(once_ = false, newSession = () => new Session(device)): Promise<VfioUserServer> {
  const words = said;
  server = new VfioUserServer({ path, newSession, once: once_, say: (text) => words.push(text) });
  await server.listen();
  return server;
}

/** A client that waits for as many replies as it is told. */
class Client {
  readonly socket: Socket;
  private readonly whole: Reply[] = [];
  private rest = Buffer.alloc(0);

  constructor() {
    this.socket = connect(path);
    this.socket.on('error', () => {});
    this.socket.on('data', (chunk: Buffer) => {
      const bytes = Buffer.concat([this.rest, chunk]);
      const end = wholeBytes(bytes);
      this.whole.push(...repliesIn(bytes.subarray(0, end)));
      this.rest = Buffer.from(bytes.subarray(end));
    });
  }

  async replies(count: number): Promise<Reply[]> {
    while (this.whole.length < count) await once(this.socket, 'data');
    return this.whole;
  }
}

/** Of replies that have come in full. */
function wholeBytes(bytes: Buffer): number {
  let end = 0;
  while (end + 16 <= bytes.length && end + bytes.readUInt32LE(end + 4) <= bytes.length)
    end += bytes.readUInt32LE(end + 4);
  return end;
}

/** Until the server has said it. */
async function untilSaid(pattern: RegExp): Promise<void> {
  while (!said.some((text) => pattern.test(text))) await setImmediate();
}

test('the socket is for its owner alone, and gone with the server', async () => {
  const one = await serve();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  one.close();
  await one.ended();
  expect(existsSync(path)).toBe(false);
});

test('a client is answered, byte by byte or many messages at once', async () => {
  await serve();
  const client = new Client();
  for (const byte of Buffer.concat([version(), regionRead(7, 0n, 2)]))
    client.socket.write(Uint8Array.of(byte));
  expect((await client.replies(2))[1]!.payload.readUInt16LE(16)).toBe(0x10de);
  client.socket.write(Buffer.concat(Array.from({ length: 500 }, () => regionRead(7, 0n, 4))));
  expect(await client.replies(502)).toHaveLength(502);
  client.socket.end();
});

test('one client after the other is served, not two at once', async () => {
  await serve();
  const first = new Client();
  first.socket.write(version());
  await first.replies(1);
  const second = new Client();
  second.socket.write(version());
  const [refused] = await second.replies(1);
  expect(refused).toMatchObject({ command: 1, errno: 16 });
  await once(second.socket, 'close');
  first.socket.write(regionRead(7, 0n, 2));
  expect((await first.replies(2))[1]!.errno).toBe(null);
  first.socket.end();
  await once(first.socket, 'close');
  const third = new Client();
  third.socket.write(version());
  expect((await third.replies(1))[0]!.errno).toBe(null);
  third.socket.end();
});

test('clients that come right after each other are all served', async () => {
  await serve();
  for (let i = 0; i < BACK_TO_BACK; i++) {
    const client = new Client();
    client.socket.write(version());
    expect((await client.replies(1))[0]!.errno).toBe(null);
    client.socket.destroy();
  }
});

test('a client that waits while another one is served is served when that has gone', async () => {
  await serve();
  const first = new Client();
  first.socket.write(version());
  await first.replies(1);
  const second = new Client();
  second.socket.end(Buffer.concat([version(), regionRead(7, 0n, 2)]));
  await setImmediate();
  first.socket.destroy();
  expect((await second.replies(2)).map(({ errno }) => errno)).toEqual([null, null]);
  await once(second.socket, 'close');
});

test('one that has said all gets all its answers', async () => {
  await serve();
  const client = new Client();
  client.socket.pause();
  const written = Buffer.from('last');
  const reads = Array.from({ length: 16 }, () => regionRead(4, 0n, 2 ** 20));
  const messages = [
    version(),
    ...reads,
    regionWrite(4, 4096n, written, { flags: 0x10 }),
    regionRead(4, 4096n, 4),
  ];
  client.socket.end(Buffer.concat(messages));
  client.socket.resume();
  const replies = await client.replies(reads.length + 2);
  expect(replies.at(-1)!.payload.subarray(16)).toEqual(written);
  await once(client.socket, 'close');
});

test('a server that is closed ends, whoever is connected', async () => {
  const one = await serve();
  const clients = Array.from({ length: 8 }, () => new Client());
  for (const { socket } of clients.slice(0, 4)) socket.write(version());
  await clients[0]!.replies(1);
  const isAlive = setInterval(() => clients.at(-1)!.socket.write(Uint8Array.of(0)), 20);
  one.close();
  await one.ended();
  clearInterval(isAlive);
  expect(existsSync(path)).toBe(false);
});

test('with `once` the server ends with its client', async () => {
  const one = await serve(true);
  const client = new Client();
  client.socket.write(version());
  await client.replies(1);
  client.socket.destroy();
  await one.ended();
  expect(existsSync(path)).toBe(false);
});

describe('a client that', () => {
  test('vanishes in the middle of a message leaves the server as it was', async () => {
    await serve();
    const client = new Client();
    client.socket.write(version());
    await client.replies(1);
    client.socket.end(regionWrite(4, 0n, Buffer.alloc(64)).subarray(0, 40));
    await once(client.socket, 'close');
    const next = new Client();
    next.socket.write(Buffer.concat([version(), regionRead(4, 0n, 8)]));
    expect((await next.replies(2))[1]!.payload.subarray(16)).toEqual(Buffer.alloc(8));
    next.socket.end();
    await untilSaid(/^the client left: in the middle of a message$/);
  });

  test('sends what is no message is told, and has to go', async () => {
    await serve();
    const client = new Client();
    client.socket.write(Buffer.concat([version(), command(9, new Uint8Array(16), { flags: 5 })]));
    expect((await client.replies(2))[1]).toMatchObject({ command: 9, errno: 22 });
    await once(client.socket, 'close');
  });

  test('had to go is not obeyed any more, and keeps nobody from being served', async () => {
    await serve();
    const client = new Client();
    client.socket.write(Buffer.concat([version(), command(9, new Uint8Array(16), { sizeBytes: 3 })]));
    await untilSaid(/message size 3/);
    client.socket.write(regionWrite(4, 0n, Buffer.from('evil')));
    const next = new Client();
    next.socket.write(Buffer.concat([version(), regionRead(4, 0n, 4)]));
    expect((await next.replies(2))[1]!.payload.subarray(16)).toEqual(Buffer.alloc(4));
    client.socket.destroy();
    next.socket.end();
  });

  test('gives a size that no message has has to go', async () => {
    await serve();
    const client = new Client();
    client.socket.write(
      Buffer.concat([version(), command(9, new Uint8Array(16), { sizeBytes: 0xffffffff })]),
    );
    await once(client.socket, 'close');
    expect(await client.replies(1)).toHaveLength(1);
    await untilSaid(/the client left: message size 4294967295/);
  });

  test('reads none of its replies has the server hold a few of them, not all', async () => {
    await serve();
    const client = new Client();
    client.socket.pause();
    client.socket.write(version());
    const asked = 64;
    for (let i = 0; i < asked; i++) client.socket.write(regionRead(4, 0n, 2 ** 20));
    const held = () =>
      (server as unknown as { served: { socket: Socket } | null }).served?.socket.writableLength ?? 0;
    // It has answered as far as it may when nothing more comes.
    let [before, after] = [-1, held()];
    while (after === 0 || before !== after) {
      await setImmediate();
      [before, after] = [after, held()];
    }
    expect(held()).toBeLessThan(8 * 2 ** 20);
    client.socket.resume();
    expect((await client.replies(asked + 1)).every(({ errno }) => errno === null)).toBe(true);
    client.socket.end();
  });
});

describe('a path', () => {
  test('on which somebody listens is left alone', async () => {
    const other = createServer().listen(path);
    await once(other, 'listening');
    await expect(serve()).rejects.toThrow(/is served already/);
    expect(existsSync(path)).toBe(true);
    other.close();
    await once(other, 'close');
  });

  test('where a server was killed is taken', async () => {
    // A socket without a listener.
    const left = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', left]);
    expect(statSync(path).isSocket()).toBe(true);
    await serve();
  });

  test('where a server was killed is taken by one of several that come at once', async () => {
    const left = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', left]);
    const outcomes = await Promise.allSettled([serve(), serve(), serve()]);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(2);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(BarometerError);
    expect(readdirSync(folder)).toEqual([basename(path)]);
    const socket = connect(path);
    await once(socket, 'connect');
    socket.destroy();
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') continue;
      outcome.value.close();
      await outcome.value.ended();
    }
  });

  test('of a file is left alone', async () => {
    writeFileSync(path, 'mine');
    await expect(serve()).rejects.toThrow(/is there, and is no socket/);
  });

  test('that cannot be is named', async () => {
    path = join(folder, 'nowhere', 's');
    await expect(serve()).rejects.toThrow(/cannot listen on .*nowhere\/s: /);
  });
});

test('where accesses cannot be recorded nothing is acknowledged, and the server ends with that', async () => {
  const recorder = () =>
    new AccessRecorder(() => {
      throw new Error('no space');
    });
  const one = await serve(false, () => new Session(device, recorder()));
  const client = new Client();
  client.socket.write(version());
  await client.replies(1);
  client.socket.write(regionWrite(4, 0n, Buffer.alloc(4)));
  await expect(one.ended()).rejects.toThrow('no space');
  expect(await client.replies(1)).toHaveLength(1);
});
