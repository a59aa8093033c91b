/**
 * Go's benchmark text (golang.org/design/14313-benchmark-format), which benchstat reads: a line for each process of an
 * arm, so that benchstat has the processes to compare.
 */
import { DEVICE_FACTS } from '../../results/conditions.ts';
import { forkOf, timesOf } from '../../stats/estimate.ts';
import { median } from '../../stats/median.ts';
import type { ConditionsReport } from '../by-conditions.ts';
import { machineText } from '../machine-text.ts';
import { type MeasuredArm, measuredArms } from '../measured-arm.ts';
import { plainText } from '../plain-text.ts';

export function toBenchstat(reports: readonly ConditionsReport[]): string {
  return reports.map(reportText).join('\n');
}

function reportText({ conditions, samples, summary }: ConditionsReport): string {
  const { coreCount, arch } = summary.fingerprint;
  const config: [string, unknown][] = [
    ['cpu', machineText(summary.fingerprint)],
    ['goarch', arch],
    ...DEVICE_FACTS.map((name): [string, unknown] => [name, conditions[name]]),
  ];
  const arms = measuredArms(samples.series);
  const lines = arms.flatMap((arm) => armLines(arm, typeof coreCount === 'number' ? coreCount : 1));
  return [
    ...config
      // A key without a value takes back that of the report before.
      .map(([key, value]) => `${key}: ${plainText(String(value ?? ''))}`.trimEnd()),
    'Unit ns/op better=lower',
    'Unit B/s better=higher',
    ...lines,
    '',
  ].join('\n');
}

/** `BenchmarkConfig-read/batch/widthBytes=4/impl=wasm-2  4096  1.42 ns/op` */
function armLines(arm: MeasuredArm, coreCount: number): string[] {
  const name = benchmarkName(arm);
  const { payloadBytesPerOp } = arm.series[0]!;
  return [...Map.groupBy(arm.series, forkOf).values()].map((fork) => {
    const nsPerOp = median(fork.flatMap(timesOf));
    const operations = fork.flatMap((series) => series.operations).reduce((sum, count) => sum + count, 0);
    const bytes = payloadBytesPerOp === null ? '' : ` ${(payloadBytesPerOp * 1e9) / nsPerOp} B/s`;
    return `Benchmark${name}-${coreCount} ${operations} ${nsPerOp} ns/op${bytes}`;
  });
}

/** No blank may be in a name, and its first letter is not a small one. */
function benchmarkName({ workload, params, implementation, runtime, build }: MeasuredArm): string {
  const parts = [
    word(workload),
    ...Object.entries({ ...params, impl: implementation, runtime, build }).map(
      // A slash would end the value.
      ([name, value]) => `${word(name)}=${word(String(value)).replaceAll('/', '_')}`,
    ),
  ];
  const name = parts.join('/');
  return `${name[0]!.toUpperCase()}${name.slice(1)}`;
}

function word(text: string): string {
  return plainText(text).replace(/\s+/gu, '_');
}
