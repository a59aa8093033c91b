import { parse } from 'junit2json';
import { expect, test } from 'vitest';
import { toAnnotations } from '../../../src/report/export/annotations.ts';
import { toJunit } from '../../../src/report/export/junit.ts';
import { samplesDocument } from '../../results/document.ts';
import { abDocument, HOSTILE, hostileDocument, reportsOf } from './results.ts';

test('a slower candidate is a failed test case, and the same one passes', async () => {
  const suites = await parse(toJunit(reportsOf(abDocument())));
  expect(suites).toMatchObject({ name: 'barometer', tests: 2, failures: 1, skipped: 0 });
  const [suite] = (suites as { testsuite: unknown[] }).testsuite;
  expect(suite).toMatchObject({
    name: 'Example CPU, 2 cores, Linux 6.12.0, gh200-120gb, strict',
    testcase: [
      {
        classname: 'config-read/batch',
        failure: [
          { type: 'regression', message: expect.stringMatching(/^slower: 1\.05\d× \(1\.\d+ to 1\.\d+\)$/) },
        ],
      },
      { classname: 'region-copy' },
    ],
  });
});

test('without versions each row is a test case, and one that this machine lacks is skipped', async () => {
  const suites = await parse(toJunit(reportsOf(samplesDocument())));
  expect(suites).toMatchObject({ tests: 3, failures: 0, skipped: 1 });
});

test('names of strangers are text in well-formed XML, and nothing else', async () => {
  const xml = toJunit(reportsOf(hostileDocument()));
  const suites = (await parse(xml)) as { testsuite: { testcase: { name: string }[] }[] };
  expect(suites.testsuite).toHaveLength(1);
  const names = suites.testsuite[0]!.testcase.map(({ name }) => name);
  expect(names).toHaveLength(HOSTILE.length + 1);
  expect(names.some((name) => name.includes('</testcase><script>alert(1)</script>&amp;]]>'))).toBe(true);
});

test('what crashed in every fork is an error', async () => {
  const { workload, params, implementation, runtime } = abDocument().series[0]!;
  const crashed = {
    workload: `${workload}/x`,
    params,
    implementation,
    runtime,
    build: 'B',
    fork: 0,
    block: 5,
    rounds: 0,
  };
  const document = abDocument({ excluded: [{ ...crashed, reason: 'exited with code 9' }] });
  expect(await parse(toJunit(reportsOf(document)))).toMatchObject({ tests: 3, failures: 1, errors: 1 });
  expect(toAnnotations(reportsOf(document))).toMatch(
    /^::warning title=barometer%3A not measured::.*exited with code 9$/m,
  );
});
