/** What no text of the product may say of the modelled mode, because it is not so, or nobody can know. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const OVER_CLAIMS: readonly (readonly [why: string, said: RegExp])[] = [
  [
    'the model is no emulation of the machine',
    /\b(?:emulat|simulat)\w*\s+(?:an?\s+|the\s+)?(?:GH200|Grace[ -]Hopper)/i,
  ],
  ['nothing is modelled by cycles', /cycle[- ]accura/i],
  ["the link's protocol is not public", /NVLink-C2C\s+(?:coherence\s+)?protocol/i],
  ['agents are in order: real ones do more', /\bmodels?\s+the\s+(?:Grace|Hopper)\b.{0,30}\bmemory\s+model/is],
  ['transfers over PCIe are snooped', /\bPCIe\s+(?:is|as)\s+(?:non-coherent|not\s+coherent)/i],
  ['migration of pages is not coherence', /\bcoherent\s+managed\s+memory/i],
  [
    'figures of that machine are published, not measured here',
    /\bmeasured\s+on\s+(?:an?\s+|our\s+)?(?:GH200|Grace[ -]Hopper)/i,
  ],
  ['the model has no refresh, no retries and no walks of page tables', /\bmodelled\b[^.|\n]{0,60}\bp99\.9/i],
  ['there are four figures of it', /\bpredict\w*\b[^.|\n]{0,40}\bGB200/i],
];

const TEXTS = [
  'README.md',
  'DESIGN.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'src/**/*.ts',
  'assembly/**/*.ts',
  'bench/**/*.json',
];

/** Of a negated sentence the model is not accused. */
const DENIED = /\b(?:no|not|never|nothing|nobody)\b[^.]{0,40}$/i;

function overClaims(text: string): string[] {
  return OVER_CLAIMS.flatMap(([why, said]) =>
    [...text.matchAll(new RegExp(said, `${said.flags}g`))]
      .filter(({ index }) => !DENIED.test(text.slice(Math.max(0, index - 60), index)))
      .map(([found]) => `${found}: ${why}`),
  );
}

test.each([
  'barometer simulates GH200.',
  'A cycle-accurate model',
  'the NVLink-C2C protocol',
  'It models the Grace and Hopper memory model.',
  'PCIe is non-coherent',
  'coherent managed memory',
  'measured on a GH200',
  'modelled latency: p99.9',
  'predicts what GB200 would do',
])('%s: is noticed', (text) => {
  expect(overClaims(text)).toHaveLength(1);
});

test('what denies it is no claim', () => {
  expect(overClaims('Nothing of it was measured on a GH200.')).toEqual([]);
  expect(overClaims('It was not measured on a GH200. This was measured on a GH200.')).toHaveLength(1);
});

test('no text of the product over-claims', () => {
  const files = TEXTS.flatMap((pattern) => globSync(pattern));
  expect(files.length).toBeGreaterThan(300);
  const found = files.flatMap((file) =>
    overClaims(readFileSync(file, 'utf8')).map((claim) => `${file}: ${claim}`),
  );
  expect(found).toEqual([]);
});
