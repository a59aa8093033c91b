import { expect, test } from 'vitest';
import { parseAccess } from '../../../src/coherence/explain/access.ts';
import { explain } from '../../../src/coherence/explain/explain.ts';
import { explanationReport } from '../../../src/coherence/explain/report.ts';
import { explanationText } from '../../../src/coherence/explain/text.ts';
import { withValues } from '../../../src/coherence/profiles/changed.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';
import { tsCore } from '../../../src/coherence/simulate/ts-core.ts';

/** Round figures that do not change with what the profile is fitted to. */
const { values } = withValues(openCoherenceProfile('gh200-120gb'), {
  'cpu-fabric-hop': 20_000,
  'cpu-l2-hit': 4000,
  'lpddr-latency': 100_000,
});

function textOf(words: string, line: string): string {
  return explanationText(explanationReport('mine', explain(parseAccess([words], line), values, tsCore())));
}

test('a line a step, what is no part of the latency in brackets, and the sum', () => {
  expect(textOf('grace load lpddr', 'exclusive')).toBe(
    `grace load lpddr, --line exclusive: another core has the only copy, unchanged. Profile mine, modelled.
Before: core 0 I, core 1 E, HN-G Ex{1} (after core 1 load).

Steps, ns since it began; what is in brackets is not part of the latency
 begin      end  from    message           to      spent, ns    states
 0.000   20.000  core 0  ReadShared        HN-G    fabric 20    core 0 I -> IS_D
20.000   40.000  HN-G    SnpShared         core 1  [fabric 20]  core 1 E -> S
40.000   44.000  core 1  look in L1, L2            [cache 4]
44.000   64.000  core 1  SnpRespData       HN-G    [fabric 20]  HN-G Ex{1} -> Sh{0,1}
20.000   64.000  HN-G    wait for answers          snoops 44
64.000   84.000  HN-G    CompData_SC       core 0  fabric 20    core 0 IS_D -> S
84.000  104.000  core 0  CompAck           HN-G    [fabric 20]

Latency 84.000 ns, the sum of its parts to the picosecond
fabric  40.000
snoops  44.000
sum     84.000

HN-G serves no other request for the line from 20.000 to 104.000 ns.
`,
  );
});

test('what needs no preparation and no home says so', () => {
  expect(textOf('grace load lpddr', 'nobody')).toContain('HN-G U (nothing before it).');
  const own = textOf('grace load lpddr', 'own');
  expect(own).toContain('HN-G Ex{0} (after core 0 load).');
  expect(own).not.toContain('serves no other');
});
