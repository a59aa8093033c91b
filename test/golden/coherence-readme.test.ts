/** What README shows of the modelled mode is what the commands print. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagramOf } from '../../src/cli/coherence-diagram.ts';
import { modelNote } from '../../src/cli/coherence-model.ts';
import { parseAccess } from '../../src/coherence/explain/access.ts';
import { explain } from '../../src/coherence/explain/explain.ts';
import { explanationReport } from '../../src/coherence/explain/report.ts';
import { explanationText } from '../../src/coherence/explain/text.ts';
import { openCoherenceProfile } from '../../src/coherence/profiles/profiles.ts';
import { tsCore } from '../../src/coherence/simulate/ts-core.ts';
import { sequenceDiagram } from '../../src/report/sequence-diagram.ts';

const PROFILE = openCoherenceProfile('gh200-120gb');
const EXPLANATION = explain(parseAccess(['hopper load hbm'], 'modified'), PROFILE.values, tsCore());

test('the messages of an access', () => {
  const shown = readFileSync('README.md', 'utf8');
  expect(shown).toContain(explanationText(explanationReport(PROFILE.name, EXPLANATION)));
});

test('their picture', async () => {
  const drawn = sequenceDiagram(diagramOf(EXPLANATION, PROFILE.name, modelNote(PROFILE)));
  await expect(drawn).toMatchFileSnapshot('../../.github/pictures/explain.svg');
});
