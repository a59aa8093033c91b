import { describe, expect, test } from 'vitest';
import { diagramOf } from '../../src/cli/coherence-diagram.ts';
import { parseAccess } from '../../src/coherence/explain/access.ts';
import { explain } from '../../src/coherence/explain/explain.ts';
import { openCoherenceProfile } from '../../src/coherence/profiles/profiles.ts';
import { tsCore } from '../../src/coherence/simulate/ts-core.ts';
import type { SequenceRow } from '../../src/report/sequence.ts';
import { placed } from '../../src/report/sequence-layout.ts';
import { allAccesses } from '../coherence/explain/all-accesses.ts';
import { overlapsOf } from '../report/sequence-overlaps.ts';

describe.each(['gh200-120gb', 'pcie-gen5-io-coherent'])('diagrams with %s', (name) => {
  const { values } = openCoherenceProfile(name);

  test('have no text over another, whatever is explained', () => {
    const all = allAccesses(values);
    expect(all.length).toBeGreaterThan(50);
    for (const access of all) {
      const layout = placed(diagramOf(explain(access, values, tsCore()), name, 'Model: one.'));
      expect(overlapsOf(layout), JSON.stringify(access)).toEqual([]);
    }
  });
});

describe('a diagram', () => {
  const { values } = openCoherenceProfile('gh200-120gb');
  const { lifelines, rows, sum } = diagramOf(
    explain(parseAccess(['hopper add hbm'], 'shared'), values, tsCore()),
    'mine',
    'Model: one.',
  );

  test('has the far side first, and the home before its memory', () => {
    expect(lifelines.map(({ name, group, state }) => `${group} ${name} ${state}`)).toEqual([
      'Grace core 0 S',
      'Grace core 1 S',
      'Hopper SM 0 I',
      'Hopper HN-H Sh{0,1}',
      'Hopper HBM ',
    ]);
  });

  test('has a row a step, and the end behind the last that the access waits for', () => {
    const what = (row: SequenceRow) => (row.kind === 'end' ? 'end' : row.name);
    expect(rows.map(what).slice(0, 3)).toEqual(['Atomic', 'SnpUnique', 'SnpUnique']);
    expect(rows.map(what).slice(-2)).toEqual(['CompData_I', 'end']);
    expect(sum.parts.map((part) => part.name)).toEqual(['fabric', 'snoops', 'atomic']);
  });

  test('has what comes behind the end behind it', () => {
    const load = explain(parseAccess(['grace load lpddr'], 'nobody'), values, tsCore());
    const [end, last] = diagramOf(load, 'mine', 'Model: one.').rows.slice(-2);
    expect([end!.kind, last]).toEqual(['end', expect.objectContaining({ name: 'CompAck', isBeside: true })]);
  });
});
