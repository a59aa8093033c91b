import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FITTED } from '../../../src/coherence/calibrate/fitted.ts';
import { PARAMETERS } from '../../../src/coherence/profiles/parameters.ts';
import { FITTED_TO } from '../../../src/coherence/profiles/profile.ts';
import {
  COHERENCE_PROFILE_NAMES,
  coherenceProfileText,
  openCoherenceProfile,
} from '../../../src/coherence/profiles/profiles.ts';
import { publishedCell } from '../../../src/coherence/published/cells.ts';
import { SOURCES } from '../../../src/coherence/published/sources.ts';
import { setOf } from '../../../src/coherence/validate/split.ts';
import { SPLIT_SHA256 } from '../../../src/coherence/validate/split-hash.ts';
import { UsageError } from '../../../src/errors.ts';

describe('built-in profiles', () => {
  test.each(COHERENCE_PROFILE_NAMES)('%s is read by the parser', (name) => {
    expect(openCoherenceProfile(name).name).toBe(name);
  });

  test('say where published values are from, by a key of the sources', () => {
    for (const name of COHERENCE_PROFILE_NAMES) {
      const published = Object.values(openCoherenceProfile(name).provenance).filter(
        (provenance) => provenance.class === 'published',
      );
      const keys = published.map(({ source }) => /^[A-Za-z0-9-]+/.exec(source)![0]);
      expect(keys.filter((key) => !Object.hasOwn(SOURCES, key))).toEqual([]);
    }
  });

  test('are calibrated to no cell that is held out', () => {
    const { provenance } = openCoherenceProfile('gh200-120gb');
    const sets = PARAMETERS.map(({ name }) => provenance[name])
      .filter((one) => one.class === 'calibrated')
      .flatMap(({ source }) => {
        const ids = source.replace(FITTED_TO, '').match(/[a-z-]+\.[a-z0-9]+(?:\.[a-z0-9-]+)?/g) ?? [source];
        return ids.map((id) => setOf(publishedCell(id).id));
      });
    expect(new Set(sets)).toEqual(new Set(['calibration', 'model selection']));
  });

  test('differ in what the link lets through', () => {
    const [coherent, pcie] = COHERENCE_PROFILE_NAMES.map((name) => openCoherenceProfile(name).values);
    expect(coherent!['cpu-caches-device-memory']).toBe(1);
    expect(pcie!['cpu-caches-device-memory']).toBe(0);
    expect(pcie!['cpu-atomics-to-device']).toBe(0);
  });

  test('are as their fit wrote them, to the calibration set of the split of today', () => {
    const { provenance, split } = openCoherenceProfile('gh200-120gb');
    expect(split).toBe(SPLIT_SHA256);
    const fitted = PARAMETERS.filter(({ name }) => provenance[name].source.startsWith(FITTED_TO));
    expect(fitted.map(({ name }) => name).toSorted()).toEqual(
      FITTED.map(({ parameter }) => parameter).toSorted(),
    );
  });
});

describe('a profile of the user', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'barometer-coherence-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is a built-in one printed, changed and given back', () => {
    const path = join(folder, 'mine');
    const text = coherenceProfileText('gh200-120gb')!.replace('/1 gh200-120gb', '/1 mine');
    writeFileSync(path, text.replace(/^cpu-cores .*$/m, 'cpu-cores 4 count assumed a small one'));
    const profile = openCoherenceProfile(path);
    expect(profile.name).toBe('mine');
    expect(profile.values['cpu-cores']).toBe(4);
    expect(profile.provenance['cpu-cores']).toEqual({ class: 'assumed', source: 'a small one' });
  });

  test.each(['no-such', '', 'toString'])('that is not there is refused: %j', (name) => {
    expect(() => openCoherenceProfile(name)).toThrow(UsageError);
    expect(() => openCoherenceProfile(name)).toThrow(
      /neither a coherence profile \(gh200-120gb, .*\) nor a file/,
    );
  });

  test('may be no folder, no binary file and no endless one', () => {
    expect(() => openCoherenceProfile(folder)).toThrow(/nor a file that can be read: EISDIR/);
    const path = join(folder, 'binary');
    writeFileSync(path, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe]));
    expect(() => openCoherenceProfile(path)).toThrow(/binary:1: is not text/);
    expect(() => openCoherenceProfile('/dev/zero')).toThrow(/is too long for a profile/);
  });
});
