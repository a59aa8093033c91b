import { describe, expect, test } from 'vitest';
import { parseAccess, requirePossible } from '../../../src/coherence/explain/access.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';

const GH200 = openCoherenceProfile('gh200-120gb').values;
const PCIE = openCoherenceProfile('pcie-gen5-io-coherent').values;

describe('words of an access', () => {
  test.each([[['grace', 'add', 'hbm']], [['grace add hbm']], [[' grace\tadd ', 'hbm']]])('%j', (words) => {
    expect(parseAccess(words, 'own-shared')).toEqual({
      side: 'grace',
      operation: 'add',
      memory: 'hbm',
      line: 'own-shared',
    });
  });

  test.each([
    ['', 'nobody', '"": expected three words'],
    ['grace load', 'nobody', '"grace load": expected three words, who does what'],
    ['grace load hbm twice', 'nobody', '"grace load hbm twice": expected three words'],
    [
      'gpu load hbm',
      'nobody',
      '"gpu" as who accesses: expected grace or hopper, as in: barometer coherence explain',
    ],
    ['grace toString hbm', 'nobody', '"toString" as what is done: expected load, store, stream or add'],
    ['grace load HBM', 'nobody', '"HBM" as the memory: expected lpddr or hbm'],
    ['grace load hbm', 'dirty', '"dirty" as --line: expected nobody, cached, exclusive,'],
    ['grace load hbm', '', '"" as --line: expected nobody'],
    ['hopper stream hbm', 'nobody', '"stream" as what hopper does'],
    ['hopper load hbm', 'own-shared', '"own-shared" as --line of hopper'],
  ])('%j with --line %j: what is wrong, and what was expected', (words, line, message) => {
    expect(() => parseAccess([words], line)).toThrow(message);
  });
});

describe('what a profile has not', () => {
  test.each([
    ['hopper add lpddr', 'nobody', PCIE, 'atomics of hopper do not reach lpddr'],
    ['grace add hbm', 'nobody', PCIE, 'cpu-atomics-to-device 1'],
    ['hopper load hbm', 'shared', PCIE, 'cores have no copies of it in this profile'],
    ['grace load hbm', 'own', PCIE, 'cpu-caches-device-memory 1'],
    ['grace load lpddr', 'shared', { ...GH200, 'cpu-cores': 2 }, 'takes 3 cores and the profile has 2'],
  ])('%s with --line %s', (words, line, values, message) => {
    const access = parseAccess([words], line);
    expect(() => requirePossible(access, values)).toThrow(message);
    expect(() => requirePossible(access, GH200)).not.toThrow();
  });
});
