/** `barometer serve`, as a user starts it. */
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseTraceLine } from '../../src/workload/qemu-trace.ts';
import * as proxy from '../qemu-proxy/messages.ts';
import { regionRead, regionWrite, repliesIn, version } from '../vfio-user/messages.ts';
import { barometer, finish, start, temporaryFolder } from './barometer.ts';

/** Started, and listening: it has said so. */
async function serving(path: string, ...args: readonly string[]) {
  const child = start(['serve', '--socket', path, ...args]);
  const said = finish(child);
  await once(child.stdout!, 'data');
  return { child, said };
}

/** Replies to messages that are sent at once. */
async function ask(socket: Socket, messages: readonly Buffer[]) {
  socket.write(Buffer.concat(messages));
  let bytes = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    let count = 0;
    for (let at = 0; at + 16 <= bytes.length; at += bytes.readUInt32LE(at + 4)) count++;
    if (count === messages.length) return repliesIn(bytes);
  }
  throw new Error('the server has left');
}

describe('serve', () => {
  test.each(['wasm', 'ts', 'native'])(
    '%s answers a client, records what it served, and ends with it',
    async (implementation) => {
      using folder = temporaryFolder();
      const path = join(folder.path, 's');
      const log = join(folder.path, 'record.log');
      const { said } = await serving(
        path,
        '--impl',
        implementation,
        '--policy',
        'nvgrace',
        '--once',
        '--record',
        log,
      );
      expect(statSync(path).mode & 0o777).toBe(0o600);
      const socket = connect(path);
      const replies = await ask(socket, [
        version(),
        regionRead(7, 0n, 4),
        regionWrite(4, 2n ** 36n, Buffer.from('barometer')),
        regionRead(4, 2n ** 36n, 8),
      ]);
      expect(replies.map(({ errno }) => errno)).toEqual([null, null, null, null]);
      expect(replies[1]!.payload.readUInt32LE(16)).toBe(0x234210de);
      expect(replies[3]!.payload.subarray(16).toString()).toBe('baromete');
      // What was acknowledged is there already.
      const lines = readFileSync(log, 'utf8').trim().split('\n');
      expect(lines.map((line) => parseTraceLine(line))).toMatchObject([
        { event: 'cfg-read' },
        null,
        { event: 'region-read' },
      ]);
      expect(lines[1]).toBe(
        'barometer_write_bytes  (vfio-user:region4+0x1000000000, 9) = 6261726f6d65746572',
      );
      socket.end();
      expect(await said).toMatchObject({ exitCode: 0, stderr: '' });
      expect(existsSync(path)).toBe(false);
    },
  );

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends it in order, a client in the middle of things or not',
    async (signal) => {
      using folder = temporaryFolder();
      const path = join(folder.path, 's');
      const { child, said } = await serving(path);
      const socket = connect(path).on('error', () => {});
      await ask(socket, [version()]);
      socket.write(regionRead(7, 0n, 4).subarray(0, 20));
      child.kill(signal);
      expect(await said).toMatchObject({ exitCode: 0, stderr: '' });
      expect(existsSync(path)).toBe(false);
    },
  );

  test('a second server does not take its socket', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 's');
    const { child, said } = await serving(path);
    const other = await barometer(['serve', '--socket', path]);
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toMatch(/is served already; expected another path/);
    child.kill();
    expect((await said).exitCode).toBe(0);
  });

  test('a second server leaves the record of the first one as it is', async () => {
    using folder = temporaryFolder();
    const [path, log] = [join(folder.path, 's'), join(folder.path, 'log')];
    const { child, said } = await serving(path, '--record', log);
    const socket = connect(path).on('error', () => {});
    await ask(socket, [version(), regionRead(7, 0n, 4)]);
    const before = readFileSync(log, 'utf8');
    expect(before).toMatch(/^vfio_pci_read_config /);
    expect((await barometer(['serve', '--socket', path, '--record', log])).exitCode).toBe(2);
    expect(readFileSync(log, 'utf8')).toBe(before);
    child.kill();
    expect((await said).exitCode).toBe(0);
  });

  test('inspect shows the device that somebody serves as it shows the profile', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 's');
    const { child, said } = await serving(path, '--policy', 'strict');
    const [served, profile] = await Promise.all([
      barometer(['inspect', `vfio-user:${path}`, '--hex']),
      barometer(['inspect', 'gh200-120gb', '--hex']),
    ]);
    expect([served.exitCode, served.stderr]).toEqual([0, '']);
    const linesOf = (text: string) => text.split('\n').filter((line) => /^[0-9a-f]+: /.test(line));
    expect(linesOf(served.stdout)).toHaveLength(256);
    expect(linesOf(served.stdout)[0]).toBe(linesOf(profile.stdout)[0]);
    const text = (await barometer(['inspect', `vfio-user:${path}`])).stdout;
    expect(text).toMatch(/Region 4: .*64-bit, prefetchable\) \[size=128G\]/);
    expect(text).toMatch(/size: from region info/);
    child.kill();
    expect((await said).exitCode).toBe(0);
    const gone = await barometer(['inspect', `vfio-user:${path}`]);
    expect([gone.exitCode, gone.stdout]).toEqual([2, '']);
    expect(gone.stderr).toMatch(/vfio-user:.*: ENOENT/);
    const none = await barometer(['inspect', 'vfio-user:']);
    expect([none.exitCode, none.stdout]).toEqual([2, '']);
    expect(none.stderr).toMatch(/vfio-user:: expected the path of a socket/);
  });

  test('a path that looks like a port is a path', async () => {
    using folder = temporaryFolder();
    const child = start(['serve', '--socket', '48123', '--policy', 'strict'], { cwd: folder.path });
    const said = finish(child);
    await once(child.stdout!, 'data');
    expect(statSync(join(folder.path, '48123')).isSocket()).toBe(true);
    const read = await barometer(['inspect', 'vfio-user:48123'], { cwd: folder.path });
    expect([read.exitCode, read.stderr]).toEqual([0, '']);
    child.kill();
    expect((await said).exitCode).toBe(0);
  });

  test('each client finds a device that nobody has used', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 's');
    const { child, said } = await serving(path);
    const seen: string[] = [];
    for (let i = 0; i < 2; i++) {
      const socket = connect(path);
      const [, read] = await ask(socket, [
        version(),
        regionRead(4, 0n, 8),
        regionWrite(4, 0n, Buffer.from('a secret')),
      ]);
      seen.push(read!.payload.subarray(16).toString('hex'));
      socket.destroy();
    }
    expect(seen).toEqual(['00'.repeat(8), '00'.repeat(8)]);
    child.kill();
    expect((await said).exitCode).toBe(0);
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk while recording ends it, and says so', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 's');
    const { said } = await serving(path, '--record', '/dev/full');
    const socket = connect(path).on('error', () => {});
    await ask(socket, [version()]);
    await expect(ask(socket, [regionRead(7, 0n, 4)])).rejects.toThrow('the server has left');
    const { exitCode, stderr } = await said;
    expect([exitCode, stderr]).toEqual([2, 'barometer: cannot record to /dev/full: ENOSPC\n']);
    expect(existsSync(path)).toBe(false);
  });

  test.each([
    [[], /expected --socket PATH/],
    [['--socket', ''], /--socket "": expected a path of 1 to 107 bytes, got 0/],
    [['--socket', `/${'x'.repeat(107)}`], /expected a path of 1 to 107 bytes, got 108/],
    [['--socket', '/nowhere/s'], /cannot listen on \/nowhere\/s: (EACCES|ENOENT)/],
    [['--socket', '/tmp/s', '--impl', 'noop'], /--impl "noop": expected wasm, ts, native/],
    [['--socket', '/tmp/s', '--impl', 'wasm,ts'], /expected one implementation/],
    [['--socket', '/tmp/s', '--device', 'nosuch'], /nosuch/],
    [['--socket', '/tmp/s', '--record', '/nowhere/log'], /cannot record to \/nowhere\/log: ENOENT/],
  ])('%j is refused', async (args, message) => {
    const { exitCode, stdout, stderr } = await barometer(['serve', ...args]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('serve --proxy', () => {
  const serveProxy = (...args: readonly string[]) => {
    const child = start(['serve', '--proxy', ...args], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    return { child, said: finish(child), link: child.stdio[3] as Socket };
  };

  test('answers QEMU on file descriptor 3, records it, and ends with it', async () => {
    using folder = temporaryFolder();
    const log = join(folder.path, 'log');
    const { said, link } = serveProxy('--policy', 'nvgrace', '--record', log, '--quiet');
    link.write(proxy.configRead(0, 4));
    const [reply] = (await once(link, 'data')) as [Buffer];
    expect(proxy.returned(reply)).toBe(0x234210den);
    link.end();
    expect(await said).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(readFileSync(log, 'utf8')).toBe('vfio_pci_read_config  (vfio-user, @0x0, len=0x4) 0x234210de\n');
  });

  test.each([
    ['--impl', 'noop'],
    ['--policy', 'none'],
    ['--record', '/nowhere/log'],
  ])('with %s %s it ends at once, and QEMU is told by the end of the link', async (...bad) => {
    const { said, link } = serveProxy(...bad);
    link.resume();
    await once(link, 'close');
    const { exitCode, stderr } = await said;
    expect(exitCode).toBe(2);
    expect(stderr).toContain(bad[1]);
  });

  test('ends on a signal', async () => {
    const { child, said } = serveProxy();
    await once(child.stdout!, 'data');
    child.kill('SIGTERM');
    expect((await said).exitCode).toBe(0);
  });

  test('says what came that is none of its messages', async () => {
    const { said, link } = serveProxy('--quiet');
    link.write(proxy.message(99));
    const { exitCode, stderr } = await said;
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/QEMU's proxy: command 99 was given; expected one of/);
  });

  test.each([
    [[], /file descriptor 3 is no socket; expected one end of a socket pair/],
    [['--socket', '/x'], /--socket \/x: expected no path with --proxy/],
    [['--once'], /--once: expected without --proxy/],
  ])('with %j, and nothing there, is refused', async (args, message) => {
    const { exitCode, stdout, stderr } = await barometer(['serve', '--proxy', ...args]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
