/** Commands that no client sends, and messages that are no command. */
import { describe, expect, test } from 'vitest';
import { command, words } from '../messages.ts';
import { Rig } from '../rig.ts';

const EINVAL = 22;

describe('what no client sends', () => {
  test.each([
    ['DMA_READ', 11, EINVAL],
    ['DMA_WRITE', 12, EINVAL],
    ['DEVICE_FEATURE', 16, 25],
    ['MIG_DATA_READ', 17, 95],
    ['MIG_DATA_WRITE', 18, 95],
    ['command 0', 0, 95],
    ['command 14', 14, 95],
    ['command 65535', 65535, 95],
  ])('%s is refused, and the session goes on', (_, number, errno) => {
    const rig = new Rig();
    expect(rig.ask(command(number))).toMatchObject({ messageId: 7, command: number, errno });
    expect(rig.session.fault).toBe(null);
  });

  test.each([
    ['a reply', command(9, words(0n, 7, 4), { flags: 1 })],
    ['a message of no type', command(9, words(0n, 7, 4), { flags: 5 })],
    ['an error that is a command', command(9, words(0n, 7, 4), { flags: 0x20 })],
  ])('%s ends the session', (_, message) => {
    const rig = new Rig();
    rig.send(message);
    expect(rig.session.fault).not.toBe(null);
  });
});
