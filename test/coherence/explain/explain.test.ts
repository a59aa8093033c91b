import { describe, expect, test } from 'vitest';
import { parseAccess } from '../../../src/coherence/explain/access.ts';
import { type Explanation, explain } from '../../../src/coherence/explain/explain.ts';
import { placeName } from '../../../src/coherence/explain/places.ts';
import { withValues } from '../../../src/coherence/profiles/changed.ts';
import { PARAMETERS } from '../../../src/coherence/profiles/parameters.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';
import { REPLIES, REQUESTS } from '../../../src/coherence/protocol/names.ts';
import { tsCore } from '../../../src/coherence/simulate/ts-core.ts';
import { allAccesses } from './all-accesses.ts';

const GH200 = openCoherenceProfile('gh200-120gb');
const PCIE = openCoherenceProfile('pcie-gen5-io-coherent');
const TIMES = PARAMETERS.filter(({ kind }) => kind === 'time');

function withTimes(pick: 'min' | 'max') {
  return withValues(GH200, Object.fromEntries(TIMES.map((spec) => [spec.name, spec[pick]])));
}

function explained(words: string, line: string, { values } = GH200): Explanation {
  return explain(parseAccess([words], line), values, tsCore());
}

/** `core 0 ReadShared HN-G`, or of what is done at one place `HN-G: memory`. */
function told(explanation: Explanation): string[] {
  const name = (place: number | 'home') => placeName(explanation, place);
  return explanation.steps.map((step) =>
    step.isMessage ? `${name(step.from)} ${step.name} ${name(step.to)}` : `${name(step.from)}: ${step.name}`,
  );
}

/** At an agent or the home, all that the line went through. */
function statesOf({ steps, before }: Explanation, place: number | 'home'): string[] {
  const first = place === 'home' ? before.home : before.states[place]!;
  const changes = steps.flatMap(({ from, to, changeFrom, changeTo }) => [
    ...(from === place && changeFrom ? [changeFrom] : []),
    ...(to === place && changeTo ? [changeTo] : []),
  ]);
  for (const [i, { from }] of changes.entries()) expect(from).toBe(i === 0 ? first : changes[i - 1]!.to);
  return [first, ...changes.map(({ to }) => to)];
}

describe('the messages of', () => {
  test.each([
    [
      'grace load hbm',
      'nobody',
      ['core 0 ReadShared HN-H', 'HN-H: memory', 'HN-H CompData_UC core 0', 'core 0 CompAck HN-H'],
    ],
    [
      'grace load lpddr',
      'cached',
      ['core 0 ReadShared HN-G', 'HN-G: hit in L3', 'HN-G CompData_UC core 0', 'core 0 CompAck HN-G'],
    ],
    [
      'grace load lpddr',
      'modified',
      [
        'core 0 ReadShared HN-G',
        'HN-G SnpShared core 1',
        'core 1: look in L1, L2',
        'core 1 SnpRespData HN-G',
        'HN-G: wait for answers',
        'HN-G CompData_SC core 0',
        'core 0 CompAck HN-G',
      ],
    ],
    [
      'grace store lpddr',
      'shared',
      [
        'core 0 ReadUnique HN-G',
        'HN-G SnpUnique core 1',
        'HN-G SnpUnique core 2',
        'core 1: look in L1, L2',
        'core 2: look in L1, L2',
        'core 1 SnpResp HN-G',
        'core 2 SnpResp HN-G',
        'HN-G: wait for answers',
        'HN-G: hit in L3',
        'HN-G CompData_UC core 0',
        'core 0 CompAck HN-G',
      ],
    ],
    [
      'grace store hbm',
      'own-shared',
      [
        'core 0 CleanUnique HN-H',
        'HN-H SnpUnique core 1',
        'core 1: look in L1, L2',
        'core 1 SnpResp HN-H',
        'HN-H: wait for answers',
        'HN-H Comp_UC core 0',
        'core 0 CompAck HN-H',
      ],
    ],
    ['grace load lpddr', 'own', ['core 0: hit in L1']],
    ['grace stream hbm', 'nobody', ['core 0 WriteUnique HN-H', 'HN-H: write into L2', 'HN-H Comp core 0']],
    ['hopper load lpddr', 'nobody', ['SM 0 ReadOnce HN-G', 'HN-G: memory', 'HN-G CompData_I SM 0']],
    ['hopper load hbm', 'own', ['SM 0: hit in L1']],
    [
      'hopper store lpddr',
      'exclusive',
      [
        'SM 0 WriteUnique HN-G',
        'HN-G SnpUnique core 0',
        'core 0: look in L1, L2',
        'core 0 SnpRespData HN-G',
        'HN-G: wait for answers',
        'HN-G: write into L3',
        'HN-G Comp SM 0',
      ],
    ],
    [
      'hopper add hbm',
      'cached',
      ['SM 0 Atomic HN-H', 'HN-H: hit in L2', 'HN-H: atomic', 'HN-H CompData_I SM 0'],
    ],
    [
      'grace add lpddr',
      'nobody',
      ['core 0 Atomic HN-G', 'HN-G: memory', 'HN-G: atomic', 'HN-G CompData_I core 0'],
    ],
  ])('%s, %s', (words, line, steps) => {
    expect(told(explained(words, line))).toEqual(steps);
  });

  test('a core that may not keep device memory reads it uncached, and stores to it without a copy', () => {
    expect(told(explained('grace load hbm', 'nobody', PCIE))[0]).toBe('core 0 ReadOnce HN-H');
    expect(told(explained('grace store hbm', 'cached', PCIE))[0]).toBe('core 0 WriteUnique HN-H');
  });
});

describe('the line', () => {
  test('goes from two that share it to the one that stores', () => {
    const store = explained('grace store hbm', 'shared');
    expect(statesOf(store, 0)).toEqual(['I', 'IM_AD', 'M']);
    expect(statesOf(store, 1)).toEqual(['S', 'I']);
    expect(statesOf(store, 2)).toEqual(['S', 'I']);
    expect(statesOf(store, 'home')).toEqual(['Sh{1,2}', 'Ex{0}']);
  });

  test('of a first reader is its own, and of a second one everybody’s', () => {
    expect(statesOf(explained('grace load hbm', 'nobody'), 0)).toEqual(['I', 'IS_D', 'E']);
    const second = explained('grace load hbm', 'exclusive');
    expect([statesOf(second, 0), statesOf(second, 1)]).toEqual([
      ['I', 'IS_D', 'S'],
      ['E', 'S'],
    ]);
  });

  test('stays with its owner when a GPU agent reads it, which no home knows', () => {
    const load = explained('hopper load lpddr', 'modified');
    expect([statesOf(load, 0), statesOf(load, 1), statesOf(load, 'home')]).toEqual([
      ['M', 'S'],
      ['I', 'IV_D', 'V'],
      ['Ex{0}', 'Sh{0}'],
    ]);
  });

  test('is closed from the request to the acknowledgement, and after an atomic for as long as that is busy', () => {
    const { steps, closed } = explained('grace load hbm', 'nobody');
    expect(closed).toEqual({ fromPs: steps[0]!.endPs, untilPs: steps.at(-1)!.endPs });
    const atomic = explained('grace add lpddr', 'cached');
    const begin = atomic.steps.find(({ name }) => name === 'atomic')!.beginPs;
    expect(atomic.closed!.untilPs - begin).toBe(GH200.values['cpu-atomic-occupancy']);
    expect(explained('hopper load lpddr', 'nobody').closed).toBeNull();
  });
});

describe.each([
  ['gh200-120gb', GH200, 92],
  ['pcie-gen5-io-coherent', PCIE, 55],
  ['cores that take lines for atomics', withValues(GH200, { 'cpu-atomics-far': 0 }), 92],
  ['the shortest times', withTimes('min'), 92],
  ['the longest times', withTimes('max'), 92],
])('every access with %s', (_, profile, count) => {
  const all = allAccesses(profile.values).map((access) => explain(access, profile.values, tsCore()));

  test('is explained', () => {
    expect(all).toHaveLength(count);
  });

  test('ends when its steps do, which leave no time out', () => {
    for (const { steps, latencyPs, partsPs } of all) {
      const counted = steps.filter(({ counts }) => counts);
      expect(Math.max(...counted.map(({ endPs }) => endPs))).toBe(latencyPs);
      const spent = counted.flatMap(({ spentPs }) => Object.values(spentPs));
      expect(spent.reduce((sum, ps) => sum + ps, 0)).toBe(latencyPs);
      expect(Object.values(partsPs).reduce((sum, ps) => sum + ps, 0)).toBe(latencyPs);
      for (const { beginPs, endPs, spentPs } of steps)
        expect(Object.values(spentPs).reduce((sum, ps) => sum + ps, 0)).toBe(endPs - beginPs);
    }
  });

  test('has a reply for its request, an answer for every snoop, and no step before its cause', () => {
    for (const { steps } of all) {
      const named = (names: readonly string[]) => steps.filter(({ name }) => names.includes(name)).length;
      expect(named(REPLIES)).toBe(named(REQUESTS));
      expect(named(['SnpResp', 'SnpRespData'])).toBe(named(['SnpShared', 'SnpUnique']));
      expect(steps[0]!.beginPs).toBe(0);
      for (const { name, beginPs, from } of steps.slice(1)) {
        if (name === 'wait for answers') continue;
        expect(steps.some(({ to, endPs }) => to === from && endPs === beginPs)).toBe(true);
      }
    }
  });
});

test('caches in which the line does not stay are told', () => {
  const one = { 'cpu-l1-size': 64, 'cpu-l1-ways': 1, 'cpu-l2-size': 64, 'cpu-l2-ways': 1 };
  const small = withValues(GH200, one);
  expect(() => explained('grace load hbm', 'own', small)).toThrow('--line own: the line does not stay so');
});
