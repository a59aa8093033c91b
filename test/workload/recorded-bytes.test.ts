import { describe, expect, test } from 'vitest';
import { AccessRecorder } from '../../src/vfio-user/access-recorder.ts';
import { MOST_RECORDED_BYTES, parseRecordedBytes } from '../../src/workload/recorded-bytes.ts';

function recorded(isWrite: boolean, region: number, offset: number, data: Uint8Array): string {
  let text = '';
  const recorder = new AccessRecorder((piece) => {
    text += piece;
  });
  recorder.access(isWrite, region, offset, data);
  recorder.flush();
  return text.trimEnd();
}

describe('a line of more bytes than a register has', () => {
  test.each([
    [true, 4, 2 ** 36, Buffer.from('barometer')],
    [false, 7, 0, Buffer.alloc(4096, 0xa5)],
    [false, 0, 2 ** 53 - 2 ** 21, Buffer.alloc(MOST_RECORDED_BYTES, 1)],
  ])('is read as it was recorded: write %s, region %i, offset %i', (isWrite, region, offset, data) => {
    const line = recorded(isWrite, region, offset, data);
    const expected = {
      event: isWrite ? 'bytes-write' : 'bytes-read',
      device: 'vfio-user',
      region,
      offset: BigInt(offset),
      data,
    };
    expect(parseRecordedBytes(line)).toEqual(expected);
    expect(parseRecordedBytes(`12345@1698060357.123456:${line}`)).toEqual(expected);
  });

  test.each([
    '',
    'barometer_read_bytes',
    'barometer_copy_bytes  (a:region4+0x0, 9) = 00',
    'a barometer_read_bytes  (a:region4+0x0, 9) = 00',
    'vfio_region_read  (barometer_:region4+0x0, 4) = 0x0',
  ])('is not %j', (line) => {
    expect(parseRecordedBytes(line)).toBeNull();
  });

  test.each([
    ['barometer_read_bytes  ', /expected the form/],
    ['barometer_read_bytes  (a:region4+0x0, 2) = 0x1', /expected the form/],
    ['barometer_read_bytes  (a:region4+0x0, 2) = AB12', /expected the form/],
    ['barometer_read_bytes  (a:region4+0x0, 2) = abc', /3 hex digits were given; expected two for each of 2/],
    ['barometer_read_bytes  (a:region4+0x0, 0) = ab', /2 hex digits/],
    ['barometer_write_bytes  (a:region4+0x10000000000000000, 1) = ab', /expected the form/],
    [
      `barometer_write_bytes  (a:region4+0x0, ${MOST_RECORDED_BYTES + 1}) = ${'ab'.repeat(MOST_RECORDED_BYTES + 1)}`,
      /expected at most 1048576/,
    ],
  ])('malformed: %.60s', (line, message) => {
    expect(parseRecordedBytes(line)).toMatchObject({ error: expect.stringMatching(message) });
  });
});
