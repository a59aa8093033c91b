import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseShard, partOf } from '../../src/cli/shard-option.ts';
import { UsageError } from '../../src/errors.ts';

describe('a shard', () => {
  test('is a number and how many there are', () => {
    expect(parseShard('2/4', {})).toEqual({ number: 2, count: 4 });
    for (const bad of ['', '0/4', '5/4', '2', '2/', '/4', '1/0', '-1/2', '1.5/2', 'x', '1/99999']) {
      expect(() => parseShard(bad, {}), bad).toThrow(UsageError);
    }
  });

  test.each([
    ['GitLab CI', { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '3' }, 1],
    ['CircleCI', { CIRCLE_NODE_INDEX: '0', CIRCLE_NODE_TOTAL: '3' }, 1],
    ['Buildkite', { BUILDKITE_PARALLEL_JOB: '2', BUILDKITE_PARALLEL_JOB_COUNT: '3' }, 3],
    ['Azure Pipelines', { SYSTEM_JOBPOSITIONINPHASE: '2', SYSTEM_TOTALJOBSINPHASE: '3' }, 2],
    ['Slurm', { SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_MIN: '5', SLURM_ARRAY_TASK_COUNT: '3' }, 3],
    ['AWS Batch', { AWS_BATCH_JOB_ARRAY_INDEX: '1', AWS_BATCH_JOB_ARRAY_SIZE: '3' }, 2],
  ])('is told by %s', (_, env, number) => {
    expect(parseShard('auto', env)).toEqual({ number, count: 3 });
  });

  test('is asked for where no job array is, or one with gaps', () => {
    expect(() => parseShard('auto', {})).toThrow(/CI_NODE_INDEX \(GitLab CI\)/);
    const gaps = { SLURM_ARRAY_TASK_ID: '9', SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_COUNT: '3' };
    expect(() => parseShard('auto', gaps)).toThrow(/Slurm says SLURM_ARRAY_TASK_ID=9/);
  });

  test('has its part: all shards together have each unit once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 20 }), (units, shards) => {
        fc.pre(shards <= units);
        const all = Array.from({ length: units }, (_, i) => i);
        const parts = Array.from({ length: shards }, (_, i) => partOf(all, { number: i + 1, count: shards }));
        expect(parts.flat().sort((a, b) => a - b)).toEqual(all);
        const sizes = parts.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
      { seed: 1 },
    );
  });

  test('that would be empty is an error that says how many there can be', () => {
    expect(() => partOf(['a', 'b'], { number: 3, count: 3 })).toThrow(/2 groups .* at most 2 shards/);
  });
});
