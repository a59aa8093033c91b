import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { serveProxy } from '../../src/qemu-proxy/proxy-link.ts';
import { ProxySession } from '../../src/qemu-proxy/proxy-session.ts';
import { openServed } from '../../src/vfio-user/open-served.ts';
import * as qemu from './messages.ts';

/** Two ends of a Unix socket. */
async function pair(): Promise<{ ours: Socket; theirs: Socket }> {
  const path = join(tmpdir(), `barometer-proxy-${process.pid}-${counter++}`);
  const server = createServer().listen(path);
  await once(server, 'listening');
  const theirs = connect(path);
  const [ours] = (await once(server, 'connection')) as [Socket];
  server.close();
  rmSync(path, { force: true });
  return { ours, theirs };
}
let counter = 0;

const session = () => new ProxySession(openServed(specFromFlags({ device: 'generic-type0' }), 'ts'));

async function replies(socket: Socket, count: number): Promise<bigint[]> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    if (bytes.length >= 24 * count) break;
  }
  return Array.from({ length: count }, (_, i) => qemu.returned(bytes.subarray(24 * i, 24 * i + 24)));
}

describe('the link', () => {
  test('answers what comes in one piece or byte by byte, until the other end closes', async () => {
    const { ours, theirs } = await pair();
    const served = serveProxy(ours, session());
    const messages = Buffer.concat([
      qemu.SYNC_SYSMEM,
      qemu.SET_IRQFD,
      qemu.configRead(0, 2),
      qemu.configRead(8, 4),
    ]);
    theirs.write(messages);
    const expected = [0x8086n, 0xff000000n];
    expect(await replies(theirs, 2)).toEqual(expected);
    for (const byte of messages) theirs.write(Buffer.of(byte));
    expect(await replies(theirs, 2)).toEqual(expected);
    theirs.end();
    await served;
    expect(ours.destroyed).toBe(true);
  });

  test.each([
    ['half a message', qemu.configRead(0, 2).subarray(0, 20)],
    ['nothing', Buffer.alloc(0)],
  ])('ends well where QEMU dies after %s', async (_, bytes) => {
    const { ours, theirs } = await pair();
    const served = serveProxy(ours, session());
    theirs.write(bytes);
    theirs.destroy();
    await served;
  });

  test.each([
    ['a size that no message has', Buffer.from(`00000000000000000100000001000000`, 'hex'), /message size/],
    ['an unknown command', qemu.message(77), /command 77 was given/],
    ['the beginning of vfio-user', Buffer.from('0000010014000000000000000000000000000000', 'hex'), /./],
  ])('%s is a fault', async (_, bytes, message) => {
    const { ours, theirs } = await pair();
    const served = serveProxy(ours, session());
    theirs.on('error', () => {});
    theirs.write(bytes);
    await expect(served).rejects.toThrow(message);
    expect(ours.destroyed).toBe(true);
  });
});
