/** Results to export: an `ab` of two builds, and one whose every name is of a stranger. */
import { encodeHdr } from '../../../src/histogram/hdr.ts';
import { Histogram } from '../../../src/histogram/histogram.ts';
import { Random } from '../../../src/random.ts';
import { type ConditionsReport, reportByConditions } from '../../../src/report/by-conditions.ts';
import type { Arm, SampleSeries, SamplesDocument } from '../../../src/results/samples.ts';
import { arm, samplesDocument, series } from '../../results/document.ts';

const FORKS = 8;
const ROUNDS = 10;
const OPERATIONS = 1000;
export const A = 'A barometer 0.1.0 aaaa';
export const B = 'B barometer 0.1.0 bbbb';

/** Rounds of one arm about `nsPerOp`, fork by fork. */
export function forksOf(of: Arm, nsPerOp: number, changes: Partial<SampleSeries> = {}): SampleSeries[] {
  const random = new Random(7).fork(JSON.stringify(of));
  const round = Array.from({ length: ROUNDS }, (_, i) => i);
  return Array.from({ length: FORKS }, (_, fork) =>
    series({
      ...of,
      fork,
      round,
      durationNs: round.map(() => OPERATIONS * nsPerOp * (1 + 0.002 * random.float())),
      operations: round.map(() => OPERATIONS),
      ...changes,
    }),
  );
}

const copy: Arm = { ...arm, workload: 'region-copy', params: { sizeBytes: 4096, dstOffsetBytes: 16 } };
const bytes = { payloadBytesPerOp: 4096, trafficBytesPerOp: 8192 };

/** B is 5 % slower in reads, and the same in copies. */
export function abDocument(changes: Partial<SamplesDocument> = {}): SamplesDocument {
  const settings = { ...samplesDocument().settings, margin: 0.01, looks: [FORKS] };
  return samplesDocument({
    settings,
    fingerprint: { cpuModel: 'Example CPU', coreCount: 2, arch: 'x64', kernel: 'Linux 6.12.0' },
    series: [
      ...forksOf({ ...arm, build: A }, 1.5),
      ...forksOf({ ...arm, build: B }, 1.5 * 1.05),
      ...forksOf({ ...copy, build: A }, 90, bytes),
      ...forksOf({ ...copy, build: B }, 90, bytes),
    ],
    unavailable: [],
    latencies: [A, B].flatMap((build, i) => [
      { ...copy, build, fork: 0, count: 3, histogram: histogramOf([80, 90, 100 + i]) },
      { ...copy, build, fork: 1, count: 2, histogram: histogramOf([85, 2000]) },
    ]),
    ...changes,
  });
}

function histogramOf(values: readonly number[]): string {
  const histogram = Histogram.create();
  for (const value of values) histogram.record(value);
  return encodeHdr(histogram);
}

export function reportsOf(samples: SamplesDocument): ConditionsReport[] {
  return reportByConditions(samples);
}

/** What terminals, spreadsheets, XML, Markdown, GitHub and shells would obey; each as a name or a value of its own. */
export const HOSTILE = [
  '\u001b[31mred\u001b]8;;http://evil.example\u0007link',
  '=HYPERLINK("http://evil.example","x")',
  "+1+cmd|' /C calc'!A0",
  '@SUM(1,1)',
  '</testcase><script>alert(1)</script>&amp;]]>',
  '`code` **bold** | cell | [link](http://evil.example) ![i](http://evil.example/i.png) <img src=x>',
  '# heading @someone #1 www.evil.example https://evil.example',
  '$(rm -rf /) ; `id` && ../../etc/passwd\u0000',
  '::error::x%0A::set-output name=a::b',
  '##[error]x##[add-mask]a',
  ':::error::x ##vso[task.setvariable variable=a]b ##teamcity[a]',
  '_www.evil.example GH-12',
  'a;=HYPERLINK(1)',
  'BaseTime: 1]',
  `${'é'.repeat(1200)}`,
  'line\nbreak\r\n\tand tab',
  '\u202eright to left\ud800 lone',
];

/** Builds of a module whose functions, parameters, runtime and machine have such names. */
export function hostileDocument(): SamplesDocument {
  const rows = HOSTILE.flatMap((name, i) => {
    const of = { ...arm, workload: name, params: { [`${name}${i}`]: name, size: i }, runtime: HOSTILE[0]! };
    return [
      ...forksOf({ ...of, build: `A ${name}` }, 2 + i),
      ...forksOf({ ...of, build: `B ${name}` }, (2 + i) * (i % 2 === 0 ? 1.2 : 1)),
    ];
  });
  return abDocument({
    fingerprint: { cpuModel: HOSTILE.join(' '), coreCount: 2, arch: HOSTILE[1]!, kernel: HOSTILE[4]! },
    settings: { ...abDocument().settings, device: HOSTILE[5]!, policy: HOSTILE[6]! },
    series: rows,
    unavailable: [{ ...arm, workload: HOSTILE[4]!, implementation: 'native', reason: HOSTILE.join('; ') }],
    latencies: [],
  });
}
