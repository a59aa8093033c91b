/** What `barometer replay` prints. */

import type { Replayed } from '../replay/replay-log.ts';
import type { Difference } from '../replay/replayer.ts';
import { plainText } from '../report/plain-text.ts';
import { formatCount, formatNs } from '../units.ts';
import { VFIO_PCI_CONFIG_REGION_INDEX } from '../vfio-user/constants.ts';
import type { LogAccess } from '../workload/log-line.ts';
import type { ImplementationReplay } from './replay.ts';

interface About {
  readonly log: string;
  readonly device: string;
  readonly policy: string;
}

/** Longer ones are cut. */
const MOST_SHOWN_BYTES = 16;

/** Ends with a newline. */
export function replayText(
  { log, device, policy }: About,
  { counts, device: logged }: Replayed,
  results: readonly ImplementationReplay[],
): string {
  const compared = counts.reads - counts.answeredByQemu;
  const lines = [
    `${plainText(log)}: ${formatCount(counts.lines)} lines, ${formatCount(counts.reads)} reads and ${formatCount(counts.writes)} writes of ${plainText(logged ?? 'nothing')}, replayed on ${device}, policy ${policy}`,
    ...results.map((result) => `  ${result.implementation.padEnd(6)}  ${outcome(result, compared)}`),
    ...results.flatMap(({ implementation, replayer }) =>
      differenceLines(implementation, replayer?.differences ?? [], replayer?.differenceCount ?? 0),
    ),
    ...notes(counts),
  ];
  return `${lines.join('\n')}\n`;
}

function outcome({ replayer, reason, cost }: ImplementationReplay, compared: number): string {
  if (replayer === null) return `not here: ${reason}`;
  const { differenceCount } = replayer;
  const answers = `${formatCount(compared)} reads compared, ${differenceCount === 0 ? 'all as logged' : `${formatCount(differenceCount)} DIFFER`}`;
  if (cost === null) return answers;
  return `${answers}; ${formatNs(cost.nsPerAccess)} an access (the first ${formatCount(cost.accesses)} of them, median of ${formatCount(cost.passes)} passes)`;
}

function differenceLines(
  implementation: string,
  differences: readonly Difference[],
  count: number,
): string[] {
  if (differences.length === 0) return [];
  const rest = count - differences.length;
  return [
    '',
    ...differences.map((difference) => differenceText(implementation, difference)),
    ...(rest > 0 ? [`and ${formatCount(rest)} more of ${implementation}`] : []),
  ];
}

function notes({ answeredByQemu, otherDevices, otherLines, resets }: Replayed['counts']): string[] {
  const said = [
    resets > 0 && `resets: ${formatCount(resets)}`,
    answeredByQemu > 0 &&
      `${formatCount(answeredByQemu)} reads were not compared: QEMU answers those of BARs and of the ROM's address by itself`,
    otherDevices > 0 &&
      `${formatCount(otherDevices)} lines are of other devices (--of NAME takes another one)`,
    otherLines > 0 && `${formatCount(otherLines)} lines ask nothing of the device`,
  ].filter((text) => text !== false);
  return said.length === 0 ? [] : ['', ...said];
}

function differenceText(implementation: string, { line, access, answered }: Difference): string {
  const refused = typeof answered === 'number';
  const from = refused ? 0 : access.data.findIndex((byte, i) => byte !== answered[i]);
  const place =
    access.data.length > 8 && !refused ? `${placeText(access)}, from byte ${from} on` : placeText(access);
  const answer = refused ? `refuses it, errno ${answered}` : `answers ${valueText(answered, from)}`;
  return `line ${line}: ${place}: the log says ${valueText(access.data, from)}, ${implementation} ${answer}`;
}

/** `config + 0x10, 4 B`. */
function placeText({ regionIndex, offset, data }: LogAccess): string {
  const region = regionIndex === VFIO_PCI_CONFIG_REGION_INDEX ? 'config' : `region ${regionIndex}`;
  return `${region} + 0x${offset.toString(16)}, ${data.length} B`;
}

/** Registers as numbers; longer ones from the first byte that differs on, in the order of memory. */
function valueText(data: Uint8Array, from: number): string {
  if (data.length <= 8) return `0x${Buffer.from(data).reverse().toString('hex')}`;
  const shown = Buffer.from(data.subarray(from, from + MOST_SHOWN_BYTES)).toString('hex');
  return from + MOST_SHOWN_BYTES < data.length ? `${shown}…` : shown;
}

/** The document of `--json`. */
export function replayJson(
  about: About,
  { counts, device, malformed }: Replayed,
  results: readonly ImplementationReplay[],
) {
  return {
    schema: 'barometer/replay/1',
    ...about,
    loggedDevice: device,
    ...counts,
    malformed,
    implementations: results.map(({ implementation, replayer, reason, cost }) => ({
      implementation,
      available: replayer !== null,
      reason,
      differences: replayer?.differenceCount ?? null,
      firstDifferences: (replayer?.differences ?? []).map(({ line, access, answered }) => ({
        line,
        regionIndex: access.regionIndex,
        offset: access.offset,
        widthBytes: access.data.length,
        logged: Buffer.from(access.data).toString('hex'),
        answered: typeof answered === 'number' ? null : Buffer.from(answered).toString('hex'),
        errno: typeof answered === 'number' ? answered : null,
      })),
      nsPerAccess: cost?.nsPerAccess ?? null,
      timedAccesses: cost?.accesses ?? null,
      timedPasses: cost?.passes ?? null,
    })),
  };
}
