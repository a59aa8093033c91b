/** speedscope's file format, version 0.0.1 (https://www.speedscope.app/file-format-schema.json): one sampled profile. */
import type { Stacks } from './stacks.ts';

export interface SpeedscopeFile {
  readonly $schema: 'https://www.speedscope.app/file-format-schema.json';
  readonly exporter: string;
  readonly name: string;
  readonly activeProfileIndex: number;
  readonly shared: { readonly frames: readonly { readonly name: string; readonly file?: string }[] };
  readonly profiles: readonly SampledProfile[];
}

interface SampledProfile {
  readonly type: 'sampled';
  readonly name: string;
  readonly unit: 'microseconds';
  readonly startValue: number;
  readonly endValue: number;
  /** Indexes of frames, the outermost first. */
  readonly samples: readonly (readonly number[])[];
  readonly weights: readonly number[];
}

/** @param name of what was profiled; @param exporter who wrote the file, with its version */
export function toSpeedscope(
  { frames, samples, weightsUs }: Stacks,
  name: string,
  exporter: string,
): SpeedscopeFile {
  return {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter,
    name,
    activeProfileIndex: 0,
    shared: { frames: frames.map(({ name, file }) => ({ name, ...(file !== '' && { file }) })) },
    profiles: [
      {
        type: 'sampled',
        name,
        unit: 'microseconds',
        startValue: 0,
        endValue: weightsUs.reduce((sum, weight) => sum + weight, 0),
        samples,
        weights: weightsUs,
      },
    ],
  };
}
