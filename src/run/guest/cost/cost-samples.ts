/** What boots have read, as samples: rows `guest/WORK`, each with the path that its accesses took. */
import { WrongAnswerError } from '../../../errors.ts';
import {
  type Run,
  SAMPLES_SCHEMA,
  type SampleSeries,
  type SamplesDocument,
} from '../../../results/samples.ts';
import { COST_PATHS, type CostReading, EMULATED_BY_QEMU, REFERENCE_IDS } from './cost-boot.ts';
import { answersOfOnes, COPY_BYTES, COST_WORKS, type CostPass, rightAnswers } from './cost-lines.ts';

/** The twin of our server, in C. */
export const C_SERVER = 'c-server';
/** A server in Node that answers with as many bytes, and does nothing. */
export const NODE_ECHO = 'node-echo';
const ACCESS_BYTES = 4;

export interface CostFacts {
  readonly head: Run;
  readonly runtime: string;
  readonly build: string;
  /** The processor, or why none. */
  readonly pinning: string;
  /** First dword of the subject's configuration space. */
  readonly idDword: number;
}

/** @param boots readings of each boot, in their order @throws WrongAnswerError where one was not what memory answers */
export function costSamples(boots: readonly (readonly CostReading[])[], facts: CostFacts): SamplesDocument {
  const series = boots.flatMap((readings, fork) => bootSeries(readings, fork, facts));
  const { createdAt, settings, fingerprint } = facts.head;
  return {
    schema: SAMPLES_SCHEMA,
    createdAt,
    settings,
    fingerprint,
    runs: [facts.head],
    series,
    unavailable: [],
  };
}

function bootSeries(readings: readonly CostReading[], fork: number, facts: CostFacts): SampleSeries[] {
  const arms = Map.groupBy(readings, ({ implementation, path, pass }) =>
    [path, pass.work, implementation].join(),
  );
  return [...arms.values()].map((ofArm): SampleSeries => {
    const [{ implementation, path, pass: first }] = ofArm as [CostReading];
    const passes = ofArm.map(({ pass }) => pass);
    for (const pass of passes) checkAnswer(implementation, path, pass, facts.idDword);
    const isOurs = implementation !== C_SERVER && !(implementation in REFERENCE_IDS);
    const bytes = first.work === 'bulk-copy' ? COPY_BYTES : ACCESS_BYTES;
    return {
      workload: `guest/${first.work}`,
      params: { path },
      implementation,
      runtime: facts.runtime,
      build: facts.build,
      evidence: 'measured',
      fork,
      block: COST_WORKS.indexOf(first.work) * COST_PATHS.length + COST_PATHS.indexOf(path),
      phase: 'steady',
      tier: isOurs ? 'mixed' : 'native',
      checksum: isDropped(implementation, first) || implementation === NODE_ECHO ? '00000000' : first.answer,
      payloadBytesPerOp: bytes,
      trafficBytesPerOp: bytes,
      pinning: facts.pinning,
      round: passes.map((_, i) => i),
      durationNs: passes.map(({ durationNs }) => durationNs),
      operations: passes.map(({ operations }) => operations),
    };
  });
}

/** QEMU's device drops what is written behind its registers: what a write lost is another thing in every pass. */
function isDropped(implementation: string, { work }: CostPass): boolean {
  return implementation === EMULATED_BY_QEMU && work === 'memory-write';
}

function checkAnswer(implementation: string, path: string, pass: CostPass, idDword: number): void {
  if (isDropped(implementation, pass) || implementation === NODE_ECHO) return;
  const id = REFERENCE_IDS[implementation] ?? idDword;
  const right = (implementation === EMULATED_BY_QEMU ? answersOfOnes(id) : rightAnswers(id))[pass.work];
  if (pass.answer === right) return;
  throw new WrongAnswerError(
    `guest/${pass.work} of ${implementation}, path ${path}: expected the answer ${right}, got ${pass.answer}`,
  );
}
