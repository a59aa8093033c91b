/** Whether a device that somebody serves answers as PCI and VFIO have it, whatever model is behind it. */
import { BarometerError } from '../../errors.ts';
import type { VfioUserClient } from '../../vfio-user/client.ts';
import { SavedRegisters } from '../../workload/sizer/saved-registers.ts';
import type { ConformanceFailure, ConformanceReport, ConformanceSkip } from '../conform.ts';
import { ACCESS_CHECKS } from './accesses.ts';
import { BAR_WRITE_CHECKS } from './bar-writes.ts';
import {
  type Check,
  type CheckedFunction,
  type NotApplicable,
  type Outcome,
  readCheckedFunction,
} from './check.ts';
import { HEADER_CHECKS } from './header.ts';
import { REGION_INFO_CHECKS } from './region-info.ts';
import { READ_ONLY_REGISTERS, REGISTER_WRITE_CHECKS } from './register-writes.ts';

/** Those that only read come first. */
export const SERVED_CHECKS: readonly Check[] = [
  ...REGION_INFO_CHECKS,
  ...HEADER_CHECKS,
  ...ACCESS_CHECKS,
  ...REGISTER_WRITE_CHECKS,
  ...BAR_WRITE_CHECKS,
];
export const RESTORED_ID = '7.3 registers hold afterwards what they held before';

/** What may be done to the device. */
export type Permission = 'reads' | 'writes';

const NOT_PERMITTED = { reason: 'writes; --allow-writes' };
const GONE = { reason: 'the connection is gone' };

interface Verdict {
  readonly id: string;
  readonly outcome: Outcome;
}

/**
 * Runs every check, one after the other. Those that write are skipped unless that is permitted; what they wrote to is
 * written back after each of them, and whether it is back is a check of its own.
 * @param signal ends it between two checks
 * @throws BarometerError where the device cannot be asked what it is
 */
export async function runServedConformance(
  client: VfioUserClient,
  permitted: Permission,
  signal: AbortSignal,
): Promise<ConformanceReport> {
  const subject = await readCheckedFunction(client);
  const verdicts: Verdict[] = [];
  const reading = SERVED_CHECKS.filter(({ needs }) => needs === 'reads');
  for (const check of reading) {
    if (!signal.aborted) verdicts.push({ id: check.id, outcome: await outcomeOf(check, subject) });
  }
  if (!signal.aborted) verdicts.push(...(await writingVerdicts(subject, permitted, signal)));
  return reportOf(verdicts);
}

async function writingVerdicts(
  subject: CheckedFunction,
  permitted: Permission,
  signal: AbortSignal,
): Promise<Verdict[]> {
  const writing = SERVED_CHECKS.filter(({ needs }) => needs === 'writes');
  const isConnected = subject.client.isConnected;
  const skipped = (outcome: NotApplicable) =>
    [...writing.map(({ id }) => id), RESTORED_ID].map((id) => ({ id, outcome }));
  if (!isConnected) return skipped(GONE);
  if (permitted === 'reads') return skipped(NOT_PERMITTED);
  const saved = await savedOrReason(subject);
  if ('reason' in saved) return skipped(saved);
  const verdicts: Verdict[] = [];
  const changed = new Map<string, string>();
  for (const check of writing) {
    if (signal.aborted) break;
    try {
      verdicts.push({ id: check.id, outcome: await outcomeOf(check, subject) });
    } finally {
      for (const { register, text } of await saved.restore(subject.registers)) changed.set(register, text);
    }
  }
  const restored =
    changed.size === 0 ? null : { expected: 'the same', actual: [...changed.values()].join('; ') };
  return [...verdicts, { id: RESTORED_ID, outcome: restored }];
}

/** Nothing is written where what it would change cannot be saved; what was found by reading stands. */
async function savedOrReason({
  registers,
  headerType,
}: CheckedFunction): Promise<SavedRegisters | NotApplicable> {
  try {
    return await SavedRegisters.save(registers, headerType, READ_ONLY_REGISTERS);
  } catch (error) {
    if (!(error instanceof BarometerError)) throw error;
    return { reason: error.message };
  }
}

async function outcomeOf(check: Check, subject: CheckedFunction): Promise<Outcome> {
  if (!subject.client.isConnected) return GONE;
  try {
    return await check.run(subject);
  } catch (error) {
    if (!(error instanceof BarometerError)) throw error;
    return { expected: 'an answer that is one', actual: error.message };
  }
}

function reportOf(verdicts: readonly Verdict[]): ConformanceReport {
  const failures: ConformanceFailure[] = [];
  const skips: ConformanceSkip[] = [];
  for (const { id, outcome } of verdicts) {
    if (outcome === null) continue;
    if ('reason' in outcome) skips.push({ id, implementation: 'served', reason: outcome.reason });
    else failures.push({ id, implementation: 'served', ...outcome });
  }
  const [failed, skipped] = [failures.length, skips.length];
  const tally = { passed: verdicts.length - failed - skipped, failed, skipped };
  return { ...tally, implementations: { served: tally }, failures, skips };
}
