/** Whether verdicts let a build pass. Sees data only. */
import { EXIT, UsageError } from '../errors.ts';
import type { Verdict } from '../stats/verdict.ts';

/** What a gate can be told to stop. */
const GATE_CONDITIONS = ['regression', 'inconclusive'] as const;
export type GateCondition = (typeof GATE_CONDITIONS)[number];

/**
 * @param list `regression`, or `regression,inconclusive`
 * @throws UsageError for any other word
 */
export function parseGate(list: string): GateCondition[] {
  return list.split(',').map((text) => {
    const found = GATE_CONDITIONS.find((condition) => condition === text.trim());
    if (found) return found;
    throw new UsageError(
      `--fail-on ${JSON.stringify(text)}: expected regression, or regression,inconclusive`,
    );
  });
}

/** The exit code of the worst that the gate was told to stop; 0 where there is nothing of it. */
export function gateExitCode(verdicts: readonly Verdict[], stopAt: readonly GateCondition[]): number {
  if (stopAt.includes('regression') && verdicts.includes('slower')) return EXIT.regression;
  if (stopAt.includes('inconclusive') && verdicts.includes('inconclusive')) return EXIT.inconclusive;
  return EXIT.ok;
}
