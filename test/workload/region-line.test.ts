import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLogLine } from '../../src/workload/log-line.ts';
import { RegionLineReader } from '../../src/workload/region-line.ts';

const DEVICE = '0000:01:00.0';
const hex = (max: bigint) => fc.bigInt({ min: 0n, max }).map((value) => value.toString(16));
/** Mostly one of the good ones. */
const mostly = (good: fc.Arbitrary<string>, ...bad: readonly string[]) =>
  fc.oneof({ arbitrary: good, weight: 20 }, { arbitrary: fc.constantFrom(...bad), weight: 1 });
const either = fc.constantFrom;

/** Lines that are well-formed, or nearly. */
const LINE = fc
  .record({
    time: mostly(either('', '12@345.678901:'), '12@345.67890', '1@:', '2026-01-02T03:04:05.6Z '),
    name: mostly(either('read', 'write'), 'reads', 'exit'),
    gap: mostly(either('  ('), ' (', '  '),
    device: mostly(either(DEVICE), '0000:02:00.0', `${DEVICE}:region1+0x0`),
    region: mostly(either('0', '4', '8'), '9', '12', '04', 'x'),
    offset: mostly(hex(2n ** 44n), '', 'G', 'A0', 'f'.repeat(16), '0'.repeat(14)),
    value: mostly(hex(0xffn), '', '-1', '100', 'f'.repeat(16), 'f'.repeat(17)),
    width: mostly(either('1', '2', '4', '8'), '0', '9', '16', '-1'),
    end: mostly(either(''), ' ', '\r', ')', 'x'),
  })
  .map(({ time, name, gap, device, region, offset, value, width, end }) => {
    const place = `${time}vfio_region_${name}${gap}${device}:region${region}+0x${offset}, `;
    const rest = name === 'write' ? `0x${value}, ${width})` : `${width}) = 0x${value}`;
    return place + rest + end;
  });

test('what it knows is what parseLogLine makes of the line, and it knows nearly all that is well-formed', () => {
  const reader = new RegionLineReader(DEVICE);
  let [known, passed] = [0, 0];
  fc.assert(
    fc.property(LINE, fc.nat(20), (line, before) => {
      const bytes = Buffer.from(`${'z'.repeat(before)}${line}\nvfio_region_read  (`, 'latin1');
      const logged = parseLogLine(line);
      const isAccess = logged !== null && 'type' in logged && logged.type === 'access';
      if (!reader.read(bytes, before, before + line.length)) {
        if (isAccess && logged.device === DEVICE) passed++;
        return;
      }
      known++;
      const { isWrite, regionIndex, offset, widthBytes } = reader.access;
      expect(isAccess && { ...logged, data: logged.data.length }).toEqual({
        ...{ type: 'access', device: DEVICE },
        ...{ isWrite, regionIndex, offset, data: widthBytes },
      });
    }),
    { numRuns: 3000, seed: 5 },
  );
  expect(known).toBeGreaterThan(1000);
  expect(passed).toBeLessThan(known / 4);
});

test('a line that ends where its text would go on is none', () => {
  const reader = new RegionLineReader('vfio-user');
  const line = Buffer.from('vfio_region_write  (vfio-user:region4+0x1f8, 0xab, 1)', 'latin1');
  expect(reader.read(line, 0, line.length)).toBe(true);
  for (let to = 0; to < line.length; to++) expect(reader.read(line, 0, to)).toBe(false);
});
