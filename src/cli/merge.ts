/** `barometer merge`: one result of many. */
import { UsageError } from '../errors.ts';
import { harmlessJson } from '../report/json-text.ts';
import { plainText } from '../report/plain-text.ts';
import { mergeSamples } from '../results/merge.ts';
import type { SamplesDocument } from '../results/samples.ts';
import { formatSamples, loadSamples, saveSamples } from '../results/store.ts';
import { formatCount } from '../units.ts';
import { expectNoInput } from './save-output.ts';

export interface MergeFlags {
  readonly out?: string;
  readonly json?: boolean;
}

/**
 * Joins the samples at `paths`. Nothing is written unless all of them can be read and joined.
 * @throws UsageError for bad input, and where the output would replace an input
 */
export function merge(
  paths: readonly string[],
  flags: MergeFlags,
  stdout: { write(text: string): unknown },
): void {
  if (flags.out === '') throw new UsageError('--out "": expected the name of a file');
  if (flags.out === undefined && !flags.json) {
    throw new UsageError('nowhere to put the merged samples: expected --out FILE, or --json to print them');
  }
  if (flags.out !== undefined) expectNoInput('--out', flags.out, paths, 'merge');
  const samples = mergeSamples(paths.map((path) => ({ samples: loadSamples(path), source: path })));
  if (flags.out !== undefined) saveSamples(flags.out, samples);
  stdout.write(
    flags.json ? harmlessJson(formatSamples(samples)) : `${plainText(report(paths, flags.out!, samples))}\n`,
  );
}

function report(paths: readonly string[], out: string, { runs = [], series }: SamplesDocument): string {
  const rounds = series.reduce((sum, { round }) => sum + round.length, 0);
  const counts = [counted(paths.length, 'file'), counted(runs.length, 'run'), counted(rounds, 'round')];
  return `merged ${counts.join(', ')}: ${out}`;
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
