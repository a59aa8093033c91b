import { expect, test } from 'vitest';
import { AccessRecorder } from '../../src/vfio-user/access-recorder.ts';
import { type LogAccess, parseLogLine } from '../../src/workload/log-line.ts';
import { bitsOfDevice } from '../../src/workload/qemu-answers.ts';

test('what the recorder writes is read as what it was told', () => {
  let text = '';
  const recorder = new AccessRecorder((some) => {
    text += some;
  });
  const told = [1, 2, 3, 4, 7, 8, 9, 100].flatMap((count) =>
    [true, false].flatMap((isWrite) =>
      [0, 4, 7].map((region) => ({
        ...{ isWrite, regionIndex: region, offset: 3 * count },
        data: Uint8Array.from({ length: count }, (_, i) => 255 - 3 * i),
      })),
    ),
  );
  for (const { isWrite, regionIndex, offset, data } of told)
    recorder.access(isWrite, regionIndex, offset, data);
  recorder.flush();
  const found = text
    .trimEnd()
    .split('\n')
    .map((line) => parseLogLine(line) as LogAccess);
  expect(
    found.map(({ isWrite, regionIndex, offset, data }) => ({
      isWrite,
      regionIndex,
      offset,
      data: [...data],
    })),
  ).toEqual(told.map(({ data, ...rest }) => ({ ...rest, data: [...data] })));
  // Of our own record every bit is the device's.
  expect(found.every((access) => bitsOfDevice(access) === null)).toBe(true);
});
