/** The text of `barometer profile`: shares, and the functions that the time went to. */
import { layTexts } from '../report/grid.ts';
import { plainText } from '../report/plain-text.ts';
import {
  inliningNote,
  leftText,
  noteLines,
  partsNotes,
  profilePlace,
  profileSetup,
  speedText,
  verdictCounts,
} from '../report/profile-text.ts';
import {
  PROFILE_SHARES,
  type ProfileDocument,
  type ProfiledFunction,
  type ProfiledPart,
  partVerdict,
  SHARE_NOTES,
} from '../results/profile.ts';
import { formatCount, formatNs, formatPercent } from '../units.ts';

/** What took less than this is in the JSON document, and in a line that says how much it is. */
const LEAST_SHARE = 0.005;

/** Ends with a newline. */
export function profileText(report: ProfileDocument): string {
  const sections = [
    headLines(report),
    shareLines(report),
    partLines(report),
    functionLines(report),
    deoptimisationLines(report),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function headLines(report: ProfileDocument): string[] {
  const { workload, params, implementation, variants, tier, samples, profiledMs, unseenMs } = report;
  const others = variants > 1 ? `, the first of ${variants} variants (--filter picks another)` : '';
  const cut = report.interrupted ? ', cut short' : '';
  const unseen = unseenMs > 0 ? `, of which no sample saw ${formatPercent(unseenMs / profiledMs)}` : '';
  return [
    `${workload} ${JSON.stringify(params)} on ${implementation}${others}`,
    `${formatCount(samples)} samples in ${formatNs(profiledMs * 1e6)} of passes${unseen}${cut}; ${tier}`,
    speedText(report),
    profilePlace(report),
    profileSetup(report),
  ];
}

function shareLines({ shares }: ProfileDocument): string[] {
  const shown = PROFILE_SHARES.filter((share) => shares[share].share > 0);
  return layTexts(
    shown.map((share) => {
      const { share: estimate, low, high } = shares[share];
      const interval = `${formatPercent(low)} to ${formatPercent(high)}`;
      return [formatPercent(estimate).padStart(5), share, interval, SHARE_NOTES[share]];
    }),
  );
}

/** Both views of the same time, in the words of the cost stack. */
function partLines({ parts, nsPerOp }: ProfileDocument): string[] {
  if (nsPerOp.stack === null) return [];
  return [
    `Beside the cost stack of this process, of ${formatNs(nsPerOp.stack)}:`,
    ...layTexts([
      ['', 'profile', 'its interval', 'cost stack', ''],
      ...parts.map((one) => [one.part, ...partCells(one)]),
    ]),
    verdictCounts(parts),
    ...partsNotes(parts).flatMap(noteLines),
  ];
}

function partCells(part: ProfiledPart): string[] {
  const { least, most, low, high, stack } = part;
  const bounds = least === most ? formatPercent(least) : `${formatPercent(least)} to ${formatPercent(most)}`;
  return [
    bounds,
    `${formatPercent(low)} to ${formatPercent(high)}`,
    stack === null ? '–' : formatPercent(stack.share),
    partVerdict(part) ?? 'not measured apart',
  ];
}

function functionLines(report: ProfileDocument): string[] {
  const { functions } = report;
  const shown = functions.filter(({ selfShare }) => selfShare >= LEAST_SHARE);
  const rest = functions.slice(shown.length).reduce((sum, { selfShare }) => sum + selfShare, 0);
  const lines = layTexts([
    [' self', 'function', 'file', 'share', 'tier', 'code'],
    ...shown.map((one) => [
      formatPercent(one.selfShare).padStart(5),
      plainText(one.name),
      plainText(one.file),
      one.share,
      one.tier ?? '–',
      one.codeBytes === null ? '–' : `${formatCount(one.codeBytes)} B`,
    ]),
  ]);
  const omitted = functions.length - shown.length;
  if (omitted > 0)
    lines.push(`${formatPercent(rest).padStart(5)}  ${omitted} ${omitted === 1 ? 'other' : 'others'}`);
  lines.push('', ...noteLines(inliningNote(report)));
  return lines;
}

/** Of the functions that are shown, those whose optimised code V8 has left. */
function deoptimisationLines({ functions }: ProfileDocument): string[] {
  const left = functions.filter(
    ({ selfShare, deoptimisations }) => selfShare >= LEAST_SHARE && deoptimisations.length > 0,
  );
  if (left.length === 0) return [];
  return ['Optimised code was left, warm-up included:', ...left.flatMap(reasonsOf)];
}

function reasonsOf({ name, deoptimisations }: ProfiledFunction): string[] {
  return deoptimisations.map((left) => `  ${plainText(name)}  ${plainText(leftText(left))}`);
}
