/** `--shard`: a part of the work for each of several machines or jobs, whose results `barometer merge` joins. */
import { UsageError } from '../errors.ts';

/** One of `count` parts, numbered from 1. */
export interface Shard {
  readonly number: number;
  readonly count: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where systems that start a job several times say which one it is. */
interface JobArray {
  readonly name: string;
  readonly index: string;
  /** Variable that holds the first index, or the index itself. */
  readonly first: string | 0 | 1;
  readonly count: string;
}

/** As their manuals have them. GitHub's matrices set none: there, pass `--shard ${{ matrix.shard }}/4`. */
const JOB_ARRAYS: readonly JobArray[] = [
  { name: 'GitLab CI', index: 'CI_NODE_INDEX', first: 1, count: 'CI_NODE_TOTAL' },
  { name: 'CircleCI', index: 'CIRCLE_NODE_INDEX', first: 0, count: 'CIRCLE_NODE_TOTAL' },
  { name: 'Buildkite', index: 'BUILDKITE_PARALLEL_JOB', first: 0, count: 'BUILDKITE_PARALLEL_JOB_COUNT' },
  { name: 'Azure Pipelines', index: 'SYSTEM_JOBPOSITIONINPHASE', first: 1, count: 'SYSTEM_TOTALJOBSINPHASE' },
  {
    name: 'Slurm',
    index: 'SLURM_ARRAY_TASK_ID',
    first: 'SLURM_ARRAY_TASK_MIN',
    count: 'SLURM_ARRAY_TASK_COUNT',
  },
  { name: 'AWS Batch', index: 'AWS_BATCH_JOB_ARRAY_INDEX', first: 0, count: 'AWS_BATCH_JOB_ARRAY_SIZE' },
];

const MOST_SHARDS = 10_000;

/**
 * @param given `2/4`, or `auto` for what the variables of the job array in `env` say
 * @throws UsageError for anything else, and where `auto` finds no such variables
 */
export function parseShard(given: string, env: Environment): Shard {
  if (given === 'auto') return shardOfJob(env);
  const [, number, count] = /^(\d{1,5})\/(\d{1,5})$/.exec(given) ?? [];
  const shard = { number: Number(number), count: Number(count) };
  if (isShard(shard)) return shard;
  throw new UsageError(
    `--shard ${JSON.stringify(given)}: expected a number and how many there are, at most ${MOST_SHARDS}, as 2/4 for the second of four, or auto`,
  );
}

function shardOfJob(env: Environment): Shard {
  const found = JOB_ARRAYS.find(({ index, count }) => env[index] !== undefined && env[count] !== undefined);
  if (!found) {
    const known = JOB_ARRAYS.map(({ name, index }) => `${index} (${name})`).join(', ');
    throw new UsageError(
      `--shard auto: none of ${known} is set together with its count; expected a job of such an array, or a shard as 2/4`,
    );
  }
  const { name, index, first, count } = found;
  const start = typeof first === 'number' ? first : Number(env[first]);
  const shard = { number: Number(env[index]) - start + 1, count: Number(env[count]) };
  if (isShard(shard)) return shard;
  throw new UsageError(
    `--shard auto: ${name} says ${index}=${env[index]} and ${count}=${env[count]}, which is no part of a whole; expected ` +
      'indexes without gaps. Give the shard as 2/4',
  );
}

function isShard({ number, count }: Shard): boolean {
  return [number, count].every(Number.isInteger) && number >= 1 && number <= count && count <= MOST_SHARDS;
}

/**
 * Every so many of `units`, in their order: all shards together have each once.
 * @param units what is never divided, since it is measured interleaved
 * @throws UsageError where there are fewer units than shards, and this one would be empty
 */
export function partOf<Unit>(units: readonly Unit[], { number, count }: Shard): Unit[] {
  const part = units.filter((_, idx) => idx % count === number - 1);
  if (part.length > 0) return part;
  throw new UsageError(
    `--shard ${number}/${count}: nothing is left for it: ${units.length} ${units.length === 1 ? 'group' : 'groups'} of workloads can be shared ` +
      `out; expected at most ${units.length} shards`,
  );
}
