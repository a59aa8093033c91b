/** VERSION (1): must come first, and once. */
import { describe, expect, test } from 'vitest';
import { command, regionRead, version } from '../messages.ts';
import { Rig, servedDevice } from '../rig.ts';

const CONFIG = 7;
const EINVAL = 22;

describe('VERSION', () => {
  const json = (payload: Buffer) =>
    JSON.parse(payload.subarray(4, -1).toString()) as { capabilities: object };

  test('is answered with what both sides can do, never more than was proposed', () => {
    const rig = new Rig(servedDevice(), null);
    const reply = rig.ask(
      version({ max_data_xfer_size: 4096, write_multiple: true, max_msg_fds: 8, other: 1 }),
    );
    expect(reply.errno).toBe(null);
    expect(reply.payload.readUInt32LE(0)).toBe(0);
    expect(reply.payload.at(-1)).toBe(0);
    expect(json(reply.payload).capabilities).toEqual({
      max_data_xfer_size: 4096,
      max_dma_maps: 65535,
      max_msg_fds: 8,
      pgsizes: 4096,
      write_multiple: true,
    });
  });

  test('without capabilities means the usual ones', () => {
    const reply = new Rig(servedDevice(), null).ask(version(null));
    expect(json(reply.payload).capabilities).toMatchObject({ max_data_xfer_size: 2 ** 20, max_msg_fds: 1 });
    expect(json(reply.payload).capabilities).not.toHaveProperty('write_multiple');
  });

  test.each([
    ['of another major', version({}, 1)],
    ['that is short', command(1, Buffer.from([0, 0]))],
    ['whose capabilities do not end', command(1, Buffer.from('\0\0\0\0{}'))],
    ['whose capabilities are no JSON', command(1, Buffer.from('\0\0\0\0{"capabilities"\0'))],
    ['of capabilities of another type', version({ max_data_xfer_size: 'much' })],
    ['of no bytes in a message', version({ max_data_xfer_size: 0 })],
  ])('%s is refused, and ends the session', (_, message) => {
    const rig = new Rig(servedDevice(), null);
    expect(rig.ask(message)).toMatchObject({ command: 1, errno: EINVAL });
    expect(rig.session.fault).not.toBe(null);
    expect(rig.send(version())).toEqual([]);
  });

  test('has to come first, and once', () => {
    const rig = new Rig(servedDevice(), null);
    expect(rig.ask(regionRead(CONFIG, 0n, 4)).errno).toBe(EINVAL);
    expect(rig.session.fault).toMatch(/before a VERSION/);
    const other = new Rig();
    expect(other.ask(version()).errno).toBe(EINVAL);
    expect(other.session.fault).toBe(null);
  });
});
