import { describe, expect, test } from 'vitest';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { PROFILES } from '../../src/device/profiles.ts';
import { UsageError } from '../../src/errors.ts';

describe('specFromFlags', () => {
  test.each(PROFILES)('$name comes with its own policy', ({ name, policy }) => {
    expect(specFromFlags({ device: name })).toMatchObject({
      name,
      policy,
      generation: '7.0',
      resmem: 'quirk',
    });
  });

  test('every flag has its effect', () => {
    const usemem = (flags: object) =>
      specFromFlags({ device: 'gh200-120gb', ...flags }).regions.find(
        ({ regionIndex }) => regionIndex === 4,
      )!;
    expect(usemem({}).memlengthBytes).toBe(95n << 30n);
    expect(usemem({ gpuMemory: '144GiB' }).memlengthBytes).toBe(143n << 30n);
    // 64.25 GiB behind the carve-out: 6.9 rounds down to 64 GiB before it takes a power of two, 6.14 does not.
    expect(usemem({ gpuMemory: '65.25GiB', generation: '6.9' }).barSizeBytes).toBe(64n << 30n);
    expect(usemem({ gpuMemory: '65.25GiB', generation: '6.14' }).barSizeBytes).toBe(128n << 30n);
    expect(specFromFlags({ device: 'gh200-120gb', policy: 'core' }).policy).toBe('core');
    expect(specFromFlags({ device: 'gh200-120gb', resmem: 'intended' }).resmem).toBe('intended');
  });

  test('memory can be given to a device that has none', () => {
    const spec = specFromFlags({ device: 'generic-type0', policy: 'nvgrace', gpuMemory: '2GiB' });
    expect(spec.regions.map(({ memlengthBytes }) => memlengthBytes)).toContain(1n << 30n);
  });

  test.each([
    [{ device: 'gh200-120gb', policy: '' }, '--policy "": expected strict, nvgrace, core'],
    [{ device: 'gh200-120gb', policy: 'Strict' }, '--policy "Strict"'],
    [{ device: 'gh200-120gb', generation: '6.140' }, '--generation "6.140": expected 6.9, 6.14, 7.0'],
    [{ device: 'gh200-120gb', resmem: 'both' }, '--resmem "both": expected quirk, intended'],
    [{ device: 'gh200-120gb', gpuMemory: '-1' }, '--gpu-memory "-1"'],
    [{ device: 'gh200-120gb', gpuMemory: '0' }, 'refuses 0 bytes of GPU memory with EOVERFLOW'],
    [{ device: 'gh200-120gb', gpuMemory: '1GiB' }, 'with EINVAL; expected at least 1.5 GiB'],
    [{ device: 'constructor' }, '"constructor" is neither a file nor a profile'],
    [{ device: '\0' }, 'is neither a file nor a profile'],
  ])('%j is refused', (flags, message) => {
    expect(() => specFromFlags(flags)).toThrow(UsageError);
    expect(() => specFromFlags(flags)).toThrow(message);
  });
});
