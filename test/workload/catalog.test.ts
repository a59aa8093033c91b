import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { findSuite, nearestName, selectWorkloads, suiteWorkloads } from '../../src/workload/catalog.ts';
import type { Suite, Workload } from '../../src/workload/scenario.ts';

function workload(name: string, params: Workload['params'] = {}): Workload {
  return { name, params, group: name, seed: 1, checksums: {} };
}

const workloads = [
  workload('config-read/batch', { widthBytes: 4 }),
  workload('config-read/batch', { widthBytes: 1 }),
  workload('config-read/call'),
  workload('region-copy'),
];
const names = (selected: readonly Workload[]) => selected.map(({ name }) => name);
const suite = (name: string, lines: Suite['workloads'] = []): Suite => {
  return { name, description: '', budget: '1s', forks: 4, workloads: lines };
};

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

describe('nearestName', () => {
  const known = ['config-read/batch', 'config-write/batch', 'noop/call'];
  test.each([
    ['config-reed/batch', 'config-read/batch'],
    ['cnofig-write/batch', 'config-write/batch'],
    ['config-read', 'config-read/batch'],
    ['noop/calls', 'noop/call'],
    ['noop', 'noop/call'],
    ['x', undefined],
    ['', undefined],
    ['something else altogether', undefined],
  ])('%j means %j', (given, expected) => {
    expect(nearestName(given, known)).toBe(expected);
  });

  test('among no names there is none', () => {
    expect(nearestName('noop', [])).toBeUndefined();
  });
});

describe('selectWorkloads', () => {
  test('a name selects all of its variants', () => {
    const selected = selectWorkloads(workloads, ['config-read/batch']);
    expect(selected.map(({ params }) => params.widthBytes)).toEqual([4, 1]);
  });

  test.each([
    ['*', 4],
    ['config-*', 3],
    ['*/call', 1],
    ['c*/b*h', 2],
    ['*region*', 1],
  ])('%j selects %i', (pattern, count) => {
    expect(selectWorkloads(workloads, [pattern])).toHaveLength(count);
  });

  test('keeps the order of the catalog, and each workload once', () => {
    expect(names(selectWorkloads(workloads, ['region-copy', 'config-read/call', '*call']))).toEqual([
      'config-read/call',
      'region-copy',
    ]);
  });

  test('takes everything but the star as it stands', () => {
    for (const pattern of ['.*', 'region.copy', 'region-cop[y]', '(region-copy)', 'region-copy$', '^']) {
      expect(refusal(() => selectWorkloads(workloads, [pattern]))).toContain(JSON.stringify(pattern));
    }
  });

  test('many stars take no longer than one', () => {
    expect(refusal(() => selectWorkloads(workloads, [`${'*'.repeat(200)}x`]))).toContain('no workload');
  });

  test('refuses each pattern that names nothing, whatever the others name', () => {
    expect(refusal(() => selectWorkloads(workloads, ['*', 'region-cpoy']))).toBe(
      'no workload "region-cpoy"; did you mean "region-copy"? `barometer list` names them all, `config-*` is a pattern',
    );
    expect(refusal(() => selectWorkloads(workloads, ['zzz']))).not.toContain('did you mean');
  });

  test('quotes what a terminal would obey', () => {
    expect(refusal(() => selectWorkloads(workloads, ['\x1b[31mred']))).toContain('"\\u001b[31mred"');
  });
});

describe('suites', () => {
  const suites = [suite('smoke'), suite('default'), suite('full')];

  test('are found by name', () => {
    expect(findSuite(suites, 'full')).toBe(suites[2]);
  });

  test('an unknown one is refused with the nearest and with all', () => {
    expect(refusal(() => findSuite(suites, 'smoek'))).toBe(
      'no suite "smoek"; did you mean "smoke"? Suites are smoke, default, full',
    );
  });

  test.each([
    [[{ name: '*' }], 4],
    [[{ name: 'config-read/batch' }], 2],
    [[{ name: 'config-read/batch', params: { widthBytes: 1 } }], 1],
    [[{ name: 'config-read/batch', params: { widthBytes: '1' } }], 0],
    [[{ name: 'config-read/call', params: { widthBytes: 1 } }], 0],
    [[{ name: 'region-copy' }, { name: '*', params: { widthBytes: 4 } }], 2],
    [[], 0],
  ])('%j select %i workloads', (lines, count) => {
    expect(suiteWorkloads(workloads, suite('s', lines))).toHaveLength(count);
  });
});
