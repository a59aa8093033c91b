import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHECKS } from '../../src/doctor/checks.ts';
import type { Machine } from '../../src/doctor/machine.ts';
import { thisMachine } from '../../src/doctor/machine.ts';
import { fakeMachine } from './fake-machine.ts';

async function findings(machine: Machine) {
  return Promise.all(CHECKS.map(async ({ name, run }) => ({ name, ...(await run(machine)) })));
}

/** Trouble comes with what it does and with a fix; nothing else does. */
function expectWellFormed(list: Awaited<ReturnType<typeof findings>>): void {
  for (const { name, status, value, effect, fix } of list) {
    expect(value, name).toMatch(/./);
    const isTrouble = status === 'warn' || status === 'bad';
    expect([typeof effect, typeof fix], name).toEqual(
      isTrouble ? ['string', 'string'] : ['object', 'object'],
    );
  }
}

describe('all checks', () => {
  test('have names of their own', () => {
    const names = CHECKS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('of a machine without /proc and /sys say so, and judge the rest', async () => {
    const list = await findings(fakeMachine());
    expectWellFormed(list);
    const byStatus = Map.groupBy(list, ({ status }) => status);
    expect(byStatus.get('ok')!.map(({ name }) => name)).toEqual([
      'node',
      'flags',
      'inspector',
      'clock',
      'cores',
    ]);
    expect(byStatus.get('warn')!.map(({ name }) => name)).toEqual(['compiler']);
    expect(byStatus.get('unknown')).toHaveLength(CHECKS.length - 6);
  });

  test('of this machine are well-formed', async () => {
    expectWellFormed(await findings({ ...thisMachine('0.0.0'), sleep: async () => {} }));
  });

  test('stand whatever files hold', async () => {
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
        '\n',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.nat().map(String),
    );
    const content = fc
      .array(word, { maxLength: 12 })
      .chain((words) => fc.constantFrom(' ', '\n', ':', '\t').map((separator) => words.join(separator)));
    // Contents are drawn by path, so that two readings of a file may differ as those of /proc do.
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.option(content)), async (contents) => {
        const readFile = () => contents.next().value as string | null;
        expectWellFormed(await findings(fakeMachine({ readFile })));
      }),
      { numRuns: 300 },
    );
  });
});
