/** `conform --device vfio-user:PATH`, on servers in this process. */
import { describe, expect, test } from 'vitest';
import { conform } from '../../src/cli/conform.ts';
import { conformServed, type ServedConformFlags } from '../../src/cli/conform-served.ts';
import { servedProfile } from '../vfio-user/rig.ts';
import { type Serving, serve, writesConfigAt } from '../vfio-user/serving.ts';

async function run({ device }: Serving, flags: ServedConformFlags) {
  let stdout = '';
  const exitCode = await conformServed(device, flags, { stdout: { write: (text) => (stdout += text) } });
  return { exitCode, stdout };
}

describe('conform --device', () => {
  test('checks by reading, and says what it left out', async () => {
    await using serving = await serve(() => servedProfile('gh200-120gb', 'nvgrace'));
    const outcome = await run(serving, {});
    expect(outcome).toEqual({
      exitCode: 0,
      stdout: 'served  24 passed  0 failed  11 skipped\n\nskipped:\n    11  writes; --allow-writes\n',
    });
    expect(serving.writes).toEqual([]);
  });

  test('a fault is exit code 5', async () => {
    await using serving = await serve(() => servedProfile('gh200-no-bar2', 'passthrough'));
    const { exitCode, stdout } = await run(serving, { allowWrites: true });
    expect(exitCode).toBe(5);
    expect(stdout).toContain(
      'FAILED 7.3 BARs have the sizes of their regions: ones in one register at a time on served\n' +
        '  expected BAR 0 mem64 of 16777216 bytes, BAR 2 mem32 of 137438953472 bytes\n' +
        '  actual   BAR 2 of 137438953472 bytes reads 0x0: 0 bytes\n',
    );
  });

  test.each([[['SIGINT']], [['SIGHUP']], [['SIGINT', 'SIGINT']]] as const)(
    '%j ends it between two checks, and the registers are as they were',
    async (signals) => {
      let writes = 0;
      await using serving = await serve(
        () => servedProfile('gh200-120gb', 'strict'),
        (message) => {
          // The first one restores; the second one is a check of BARs.
          if (writesConfigAt(message, 0x10) && writes++ === 1) for (const name of signals) process.emit(name);
          return null;
        },
      );
      const { exitCode } = await run(serving, { allowWrites: true });
      expect(exitCode).toBe(130);
      const bar0 = serving.writes.findLast(({ offset }) => offset === 0x10n)!;
      expect(Buffer.from(bar0.data).toString('hex')).toBe('0c000002');
      expect(serving.writes.at(-1)!.offset).toBe(4n);
    },
  );

  test('a register that is not back is exit code 5, interrupted or not', async () => {
    await using serving = await serve(
      () => servedProfile('gh200-120gb', 'strict'),
      (message) => {
        if (writesConfigAt(message, 0x10) && message[32] !== 0xff) {
          process.emit('SIGINT');
          message[32] = 0;
          message[35] = 0x7f;
        }
        return null;
      },
    );
    const { exitCode, stdout } = await run(serving, { allowWrites: true });
    expect(exitCode).toBe(5);
    expect(stdout).toContain('  actual   BAR 0 at 10 was 0200000c before, and reads 7f00000c after');
  });

  test('as JSON in the form of conform', async () => {
    await using serving = await serve(() => servedProfile('gh200-120gb', 'strict'));
    const { exitCode, stdout } = await run(serving, { json: true, allowWrites: true });
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      0,
      {
        passed: 34,
        failed: 0,
        skipped: 1,
        implementations: { served: { passed: 34, failed: 0, skipped: 1 } },
        failures: [],
        skips: [
          {
            id: '7.2 registers without a BAR stay 0',
            implementation: 'served',
            reason: 'every register has a BAR',
          },
        ],
      },
    ]);
  });

  test.each([
    ['gh200-120gb', {}, /--device gh200-120gb: expected vfio-user:PATH/],
    ['vfio-user:/nowhere', { impl: 'ts' }, /--impl ts: vfio-user:\/nowhere is checked as it is served/],
    ['vfio-user:/nowhere', { vectors: 'v.json' }, /--vectors v.json: /],
    ['vfio-user:', {}, /vfio-user:: expected the path of a socket/],
    ['vfio-user:/nowhere', {}, /vfio-user:\/nowhere: ENOENT; expected the socket of a vfio-user server/],
  ])('%s with %j is refused', async (device, flags, message) => {
    await expect(conformServed(device, flags, process)).rejects.toThrow(message);
  });

  test('--allow-writes without it is refused', () => {
    expect(() => conform({ impl: ['ts'], allowWrites: true }, process)).toThrow(
      '--allow-writes: expected --device vfio-user:PATH beside it',
    );
  });
});
