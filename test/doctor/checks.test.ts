import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHECKS } from '../../src/doctor/checks.ts';
import type { Machine } from '../../src/doctor/machine.ts';
import { thisMachine } from '../../src/doctor/machine.ts';
import { fakeMachine } from './fake-machine.ts';

function findings(machine: Machine) {
  return CHECKS.map(({ name, run }) => ({ name, ...run(machine) }));
}

/** What fixes begin with: something to do, or that nothing can be done. */
const FIX =
  /^(cannot be changed here|(echo|ps|npm|docker|taskset|sudo|boot|give|install|unset|start) )|else it cannot be changed here$/;

/** Trouble comes with what it does and with a fix; nothing else does. */
function expectWellFormed(list: ReturnType<typeof findings>): void {
  for (const { name, status, value, effect, fix } of list) {
    expect(value, name).toMatch(/./);
    const isTrouble = status === 'warn' || status === 'bad';
    expect([typeof effect, typeof fix], name).toEqual(
      isTrouble ? ['string', 'string'] : ['object', 'object'],
    );
    // A command or words of what to do: never a shrug.
    if (isTrouble) expect(fix, name).toMatch(FIX);
  }
}

describe('all checks', () => {
  test('have names of their own', () => {
    const names = CHECKS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('of a machine without /proc and /sys say so, and judge the rest', () => {
    const list = findings(fakeMachine());
    expectWellFormed(list);
    const byStatus = Map.groupBy(list, ({ status }) => status);
    expect(byStatus.get('ok')!.map(({ name }) => name)).toEqual([
      'node',
      'flags',
      'inspector',
      'clock',
      'cores',
      'neighbours',
    ]);
    expect(byStatus.get('warn')!.map(({ name }) => name)).toEqual(['compiler']);
    expect(byStatus.get('unknown')).toHaveLength(CHECKS.length - 7);
  });

  test('of this machine are well-formed', () => {
    const { nowNs, spin } = fakeMachine();
    expectWellFormed(findings({ ...thisMachine('0.0.0'), nowNs, spin }));
  });

  test('stand whatever files hold', () => {
    const word = fc.oneof(
      fc.constantFrom(
        '',
        '\0',
        '0',
        '1',
        '-1',
        'max',
        'NaN',
        '9'.repeat(400),
        'cpu',
        'flags :',
        '[always]',
        '0-',
        'some avg10=',
        '0::/a',
        '\n',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.nat().map(String),
    );
    const content = fc
      .array(word, { maxLength: 12 })
      .chain((words) => fc.constantFrom(' ', '\n', ':', '\t').map((separator) => words.join(separator)));
    // Contents are drawn by path, so that two readings of a file may differ as those of /proc do.
    fc.assert(
      fc.property(fc.infiniteStream(fc.option(content)), (contents) => {
        const readFile = () => contents.next().value as string | null;
        expectWellFormed(findings(fakeMachine({ readFile })));
      }),
      { numRuns: 300 },
    );
  });
});
