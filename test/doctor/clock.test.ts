import { describe, expect, test } from 'vitest';
import { clock, clocksource } from '../../src/doctor/clock.ts';
import { fakeMachine } from './fake-machine.ts';

const FOLDER = '/sys/devices/system/clocksource/clocksource0';

/** A clock whose readings take `costNs` and which counts in steps of `stepNs`. */
function steppingClock(costNs: number, stepNs: number) {
  let trueNs = 0;
  return () => {
    trueNs += costNs;
    return Math.floor(trueNs / stepNs) * stepNs;
  };
}

describe('clock', () => {
  test.each([
    [50, 1, 'ok', '50.0 ns a reading, steps of 50.0 ns'],
    [30, 1000, 'ok', '30.0 ns a reading, steps of 1.00 µs'],
    [800, 1, 'warn', '800 ns a reading, steps of 800 ns'],
    [100, 2000, 'warn', '100 ns a reading, steps of 2.00 µs'],
    [4000, 1, 'bad', '4.00 µs a reading, steps of 4.00 µs'],
    [50, 1_000_000, 'bad', /steps of 1.00 ms/],
  ])('of %d ns a reading in steps of %d ns is %s', (costNs, stepNs, status, value) => {
    expect(clock(fakeMachine({ nowNs: steppingClock(costNs, stepNs) }))).toMatchObject({
      status,
      value: expect.stringMatching(value),
    });
  });

  test('is judged by its fastest readings: what else runs is the affair of another check', () => {
    let [reading, nowNs] = [0, 0];
    const disturbed = () => {
      reading++;
      nowNs += reading < 20_000 ? 900 : 50;
      return nowNs;
    };
    expect(clock(fakeMachine({ nowNs: disturbed })).value).toBe('50.0 ns a reading, steps of 50.0 ns');
  });

  test('that stands still is bad', () => {
    expect(clock(fakeMachine({ nowNs: () => 5 }))).toMatchObject({
      status: 'bad',
      value: 'stood still for 30000 readings',
    });
  });

  test('is mended where another source is to be had, and cannot be where the best one is in use', () => {
    const fix = (current: string, available: string) =>
      clock(
        fakeMachine({
          nowNs: steppingClock(4000, 1),
          files: {
            [`${FOLDER}/current_clocksource`]: current,
            [`${FOLDER}/available_clocksource`]: available,
          },
        }),
      ).fix;
    expect(fix('hpet\n', 'tsc hpet\n')).toBe(`echo tsc | sudo tee ${FOLDER}/current_clocksource`);
    expect(fix('hpet\n', 'hpet\n')).toMatch(/^boot with .*cannot be changed here$/);
    expect(fix('tsc\n', 'tsc hpet\n')).toMatch(/^cannot be changed here; .*strace/);
  });

  test('that runs backwards is bad', () => {
    let count = 0;
    const nowNs = () => (++count === 7000 ? 0 : count * 50);
    expect(clock(fakeMachine({ nowNs }))).toMatchObject({ status: 'bad', value: 'ran backwards' });
  });
});

describe('clocksource', () => {
  const source = (current: string, available = current) =>
    clocksource(
      fakeMachine({
        files: {
          [`${FOLDER}/current_clocksource`]: current,
          [`${FOLDER}/available_clocksource`]: available,
        },
      }),
    );

  test.each(['tsc\n', 'kvm-clock\n', 'arch_sys_counter\n'])('%j is fine', (text) => {
    expect(source(text)).toMatchObject({ status: 'ok', value: text.trim() });
  });

  test('hpet is bad; the fix is tsc, where the kernel offers it', () => {
    expect(source('hpet\n', 'hpet acpi_pm tsc \n')).toMatchObject({
      status: 'bad',
      value: 'hpet',
      fix: `echo tsc | sudo tee ${FOLDER}/current_clocksource`,
    });
    expect(source('acpi_pm\n', 'hpet acpi_pm \n').fix).toMatch(/^boot with tsc=reliable/);
  });

  test.each(['', 'quantum', '\0\xff'])('%j is not known', (text) => {
    expect(source(text).status).toBe('unknown');
  });

  test('is not told by other systems', () => {
    expect(clocksource(fakeMachine())).toMatchObject({ status: 'unknown', value: 'not told' });
  });
});
