import { describe, expect, test } from 'vitest';
import type { Machine } from '../../src/doctor/machine.ts';
import { neighbours } from '../../src/doctor/neighbours.ts';
import { timePieces } from '../../src/doctor/pieces.ts';
import { pressure } from '../../src/doctor/pressure.ts';
import { steal, stolenShare } from '../../src/doctor/steal.ts';
import { type FakeMachine, fakeMachine } from './fake-machine.ts';

const PIECE_NS = 100_000;

/** A machine on which the piece of work with a given number takes so long. Reading the clock takes no time. */
function workingMachine(pieceNs: (piece: number) => number, given: FakeMachine = {}): Machine {
  let [clockNs, piece] = [0, 0];
  const spin = () => {
    clockNs += pieceNs(piece++);
  };
  return fakeMachine({ nowNs: () => clockNs, spin, ...given });
}

describe('pieces of work', () => {
  test('are timed one by one until their time is over', () => {
    const durations = timePieces(
      workingMachine((piece) => PIECE_NS + piece),
      1,
    );
    expect([...durations]).toEqual(Array.from({ length: 10 }, (_, piece) => PIECE_NS + piece));
  });

  test('end where the clock stands still', () => {
    expect(timePieces(fakeMachine({ nowNs: () => 7 }), 500)).toHaveLength(20_000);
  });
});

describe('neighbours', () => {
  /** The 50 ms of warm-up are 500 undisturbed pieces. */
  const WARM_UP = 500;
  const disturbed = (every: number, byNs: number, given: FakeMachine = {}) =>
    neighbours(
      workingMachine((piece) => PIECE_NS + (piece >= WARM_UP && piece % every === 0 ? byNs : 0), given),
    );

  test('none: nothing is lost', () => {
    expect(disturbed(1, 0)).toEqual({
      status: 'ok',
      value: '0.0% of 500 ms lost, 0.0% of 5000 pieces stretched by 10% or more, longest gap 0.00 ns',
      effect: null,
      fix: null,
    });
  });

  test.each([
    // Ticks of the timer stretch every piece by less than a tenth.
    [1, 9_000, 'ok', /^0\.0% of 500 ms lost, 0\.0% of \d+ pieces .* 0\.00 ns$/],
    [40, 9_000, 'ok', /^0\.0% .* longest gap 0\.00 ns$/],
    [40, 30_000, 'ok', /^0\.7% of 500 ms lost, 2\.5% of \d+ pieces .* longest gap 30\.0 µs$/],
    [40, 50_000, 'warn', /^1\.2% of 500 ms lost, 2\.5% .* longest gap 50\.0 µs$/],
    [100, 4_000_000, 'bad', /^29% of 500 ms lost, 1\.0% .* longest gap 4\.00 ms$/],
    [5, 100_000, 'bad', /^17% of 500 ms lost, 20% .* longest gap 100 µs$/],
  ])('that stretch every %d. piece by %d ns: %s', (every, byNs, status, value) => {
    expect(disturbed(every, byNs)).toMatchObject({ status, value: expect.stringMatching(value) });
  });

  test('the first pieces, while V8 compiles, do not count', () => {
    const finding = neighbours(workingMachine((piece) => (piece < 10 ? 30 * PIECE_NS : PIECE_NS)));
    expect(finding).toMatchObject({ status: 'ok', value: expect.stringMatching(/^0\.0% .* gap 0\.00 ns$/) });
  });

  /** 10 ms more in one piece of ten thousand and more, of which the thread waited so many ns for a CPU. */
  const withWaits = (waitedNs: readonly string[]) => {
    let reading = 0;
    const readFile = (path: string) =>
      path === '/proc/thread-self/schedstat' ? (waitedNs[reading++] ?? null) : null;
    return disturbed(1000, 10_000_000, { readFile });
  };

  test('say who it was, where the kernel counts what a thread waits for others in here', () => {
    const inside = withWaits(['5000 100 3\n', '9000 46000100 9\n']);
    expect(inside.value).toMatch(/; 9\d% of it to programs in here$/);
    expect(inside.fix).toMatch(/^ps -eo /);
    const outside = withWaits(['5000 100 3\n', '9000 4100 9\n']);
    expect(outside.value).toMatch(/; 0\.0% of it to programs in here$/);
    expect(outside.fix).toMatch(/^cannot be changed here: .*host/);
  });

  test.each([[[]], [['0 0 0\n', '0 0 0\n']], [['\0', '5 5 5\n']], [['1 2', '3']]])(
    'do not say where it counts %j',
    (waited) => {
      const { value, fix } = withWaits(waited);
      expect(value).toMatch(/longest gap 10\.0 ms$/);
      expect(fix).toMatch(/^ps -eo .*cannot be changed here$/);
    },
  );

  test('are not known where the clock stands still', () => {
    expect(neighbours(fakeMachine({ nowNs: () => 7 })).status).toBe('unknown');
  });
});

describe('steal', () => {
  /** A machine whose /proc/stat has one text before the work, and another after it. */
  function between(before: string, after: string | null) {
    let [reading, pieces] = [0, 0];
    const spin = () => pieces++ && PIECE_NS;
    const machine = workingMachine(spin, {
      readFile: (path) => (path === '/proc/stat' ? (reading++ === 0 ? before : after) : null),
    });
    return { ...steal(machine), hasWorked: pieces > 0 };
  }
  const BEFORE = 'cpu  1000 10 500 9000 20 0 5 100 30 0\ncpu0 1 2 3\n';

  test.each([
    ['cpu  1050 10 500 9050 20 0 5 100 60 0\n', 'ok', '0.0%'],
    // One tick in fifty is as little as can be seen.
    ['cpu  1049 10 500 9050 20 0 5 101 60 0\n', 'ok', '2.0%'],
    ['cpu  1045 10 500 9050 20 0 5 105 60 0\n', 'warn', '10%'],
    ['cpu  1030 10 500 9050 20 0 5 120 60 0\n', 'bad', '40%'],
    // Idle CPUs ask for nothing, and nothing is stolen from them.
    ['cpu  1030 10 500 99000 70 0 5 120 60 0\n', 'bad', '40%'],
    ['cpu  1000 10 500 9050 20 0 5 100 60 0\n', 'ok', '0.0%'],
  ])('then %j: %s', (after, status, share) => {
    const value = `${share} of the time that was asked for in 500 ms`;
    expect(between(BEFORE, after)).toMatchObject({ status, value, hasWorked: true });
  });

  test('since the machine started needs no work', () => {
    const at = (text: string) => stolenShare(fakeMachine({ files: { '/proc/stat': text } }).readFile);
    expect(at('cpu  700 0 200 9000 20 0 0 100 30 0\n')).toBe(0.1);
    expect(at('cpu  0 0 0 10 0 0 0 0 0 0\n')).toBe(0);
    expect(at('cpu  many\n')).toBeNull();
    expect(stolenShare(fakeMachine().readFile)).toBeNull();
  });

  test('cannot be changed here', () => {
    expect(between(BEFORE, 'cpu  1030 10 500 9050 20 0 5 120 60 0\n').fix).toMatch(/^cannot be changed here/);
  });

  test.each([
    // Counters that ran backwards, stood still, or are gone.
    ['cpu  900 10 500 9900 20 0 5 100 30 0\n'],
    [BEFORE],
    ['cpu\n'],
    [null],
  ])('then %j is nonsense', (after) => {
    expect(between(BEFORE, after)).toMatchObject({
      status: 'unknown',
      value: 'the counters of /proc/stat make no sense',
    });
  });

  test.each(['', '\0\xff', 'cpu 1 2 3\n', `cpu ${'9'.repeat(40)} 1 1 1 1 1 1 1\n`])(
    'of %j is not known, and no work is done for it',
    (text) => {
      expect(between(text, text)).toMatchObject({ status: 'unknown', value: 'not told', hasWorked: false });
    },
  );
});

describe('pressure', () => {
  const at = (text: string) => pressure(fakeMachine({ files: { '/proc/pressure/cpu': text } }));
  const some = (short: string, long: string) =>
    `some avg10=${short} avg60=${long} avg300=1.00 total=7\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n`;

  test.each([
    ['0.00', '0.00', 'ok', '0.0% of 10 s, 0.0% of a minute'],
    ['9.91', '13.24', 'ok', '9.9% of 10 s, 13% of a minute'],
    ['12.50', '3.00', 'warn', '13% of 10 s, 3.0% of a minute'],
    ['94.00', '51.00', 'bad', '94% of 10 s, 51% of a minute'],
  ])('of %s%% and %s%% is %s', (short, long, status, value) => {
    expect(at(some(short, long))).toMatchObject({ status, value });
  });

  test.each(['', '\0', 'some avg10=', some('999.00', '1.00'), some('-1.00', '1.00'), 'full avg10=0.00'])(
    'of %j is not known',
    (text) => {
      expect(at(text).status).toBe('unknown');
    },
  );

  test('is not told by older kernels', () => {
    expect(pressure(fakeMachine())).toMatchObject({ status: 'unknown', value: 'not told' });
  });
});
