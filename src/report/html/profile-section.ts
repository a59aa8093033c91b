/** Where the time of profiled arms went: a flame graph, shares beside the cost stack, and functions. */
import {
  PROFILE_SHARES,
  type ProfileDocument,
  type ProfiledFunction,
  type ProfiledPart,
  partVerdict,
  SHARE_NOTES,
} from '../../results/profile.ts';
import { formatCount, formatNs, formatPercent } from '../../units.ts';
import { fullLabel } from '../labels.ts';
import {
  inliningNote,
  leftText,
  partsNotes,
  profilePlace,
  profileSetup,
  speedText,
  verdictCounts,
} from '../profile-text.ts';
import { type Html, html, type Insertion } from './escape.ts';
import { flameFigure, swatch } from './flame-figure.ts';
import { quantity } from './quantity.ts';
import { type Article, section, table } from './section.ts';

export function profileArticle(documents: readonly ProfileDocument[]): Article {
  const count = documents.length;
  return {
    heading: count === 1 ? headline(documents[0]!) : `${formatCount(count)} profiles`,
    place: placesOf(documents).join('; '),
    body: documents.map((document) => profileSection(document, documents)),
  };
}

function placesOf(documents: readonly ProfileDocument[]): string[] {
  return [...new Set(documents.map(profilePlace))];
}

/** `Profile: 60% of config-read/call on wasm in configRead`. */
function headline({ workload, implementation, functions: [hottest] }: ProfileDocument): string {
  const arm = `${workload} on ${implementation}`;
  if (hottest === undefined) return `Profile: ${arm}, of which nothing was seen`;
  return `Profile: ${formatPercent(hottest.selfShare)} of ${arm} in ${hottest.name}`;
}

function profileSection(document: ProfileDocument, documents: readonly ProfileDocument[]): Html {
  const title = titleOf(document);
  return section({ title, note: noteOf(document, placesOf(documents).length > 1) }, [
    flameFigure(document, title),
    shareTable(document, title),
    partTable(document, title),
    functionTable(document, title),
  ]);
}

function titleOf({ workload, params, implementation }: ProfileDocument): string {
  // Documents of profiles say no policy that rows could share, so the row says its own.
  return `${fullLabel(workload, params, { policy: '' })} on ${implementation}`;
}

/** @param isAway whether the article's place is that of others, too */
function noteOf(document: ProfileDocument, isAway: boolean): string {
  const { samples, profiledMs, unseenMs, tier, interrupted } = document;
  const unseen = profiledMs > 0 ? `, of which no sample saw ${formatPercent(unseenMs / profiledMs)}` : '';
  const cut = interrupted ? '; cut short' : '';
  const where = [...(isAway ? [profilePlace(document)] : []), profileSetup(document)].join('; ');
  return `${formatCount(samples)} samples in ${formatNs(profiledMs * 1e6)} of passes${unseen}${cut}; ${tier}; ${speedText(document)}. ${where}.`;
}

function shareTable({ shares }: ProfileDocument, title: string): Html {
  return table({
    caption: `${title}: shares`,
    columns: [
      { title: 'share', kind: 'text' },
      { title: 'of the time', kind: 'number' },
      { title: 'what it is', kind: 'prose' },
    ],
    rows: PROFILE_SHARES.filter((share) => shares[share].share > 0).map((share) => {
      const { share: estimate, low, high } = shares[share];
      return [
        html`${swatch(share)} ${share}`,
        html`${quantity(estimate, formatPercent(estimate))} ${interval(low, high)}`,
        SHARE_NOTES[share],
      ];
    }),
  });
}

function partTable({ parts, nsPerOp }: ProfileDocument, title: string): Html {
  if (nsPerOp.stack === null) return html``;
  const notes = parts.length === 0 ? [] : [`${verdictCounts(parts)}.`, ...partsNotes(parts)];
  return html`${table({
    caption: `${title}: beside the cost stack`,
    columns: [
      { title: 'part', kind: 'text' },
      { title: 'profile', kind: 'number' },
      { title: `cost stack, of ${formatNs(nsPerOp.stack)}`, kind: 'number' },
      { title: 'the two', kind: 'text' },
    ],
    rows: parts.map((one) => [one.part, boundsCell(one), stackCell(one), verdictCell(one)]),
  })}${notes.length === 0 ? null : html`<p class="note">${notes.join(' ')}</p>`}`;
}

function boundsCell({ least, most, low, high }: ProfiledPart): Html {
  const bounds = [...new Set([least, most])].map((bound) => quantity(bound, formatPercent(bound)));
  return html`${bounds.length === 1 ? bounds : html`${bounds[0]!} to ${bounds[1]!}`} ${interval(low, high)}`;
}

function stackCell({ stack }: ProfiledPart): Insertion {
  if (stack === null) return html`<span class="missing">–</span>`;
  return html`${quantity(stack.share, formatPercent(stack.share))} ${interval(stack.low, stack.high)}`;
}

function verdictCell(part: ProfiledPart): Insertion {
  const verdict = partVerdict(part);
  if (verdict === null) return html`<span class="missing">not measured apart</span>`;
  if (verdict === 'cannot tell') return html`<span class="missing">? cannot tell</span>`;
  return verdict === 'agrees'
    ? html`<span class="right">✓ agree</span>`
    : html`<span class="wrong">✗ differ</span>`;
}

function functionTable(document: ProfileDocument, title: string): Html {
  const { functions } = document;
  if (functions.length === 0) return html``;
  return html`${table({
    caption: `${title}: functions`,
    columns: [
      { title: 'function', kind: 'text' },
      { title: 'file', kind: 'text' },
      { title: 'share', kind: 'text' },
      { title: 'self', kind: 'number' },
      { title: 'tier', kind: 'text' },
      { title: 'code', kind: 'number' },
      { title: 'optimised code was left', kind: 'prose' },
    ],
    rows: functions.map(functionCells),
  })}<p class="note">${inliningNote(document)}</p>`;
}

function functionCells({
  name,
  file,
  share,
  selfShare,
  tier,
  codeBytes,
  deoptimisations,
}: ProfiledFunction): Insertion[] {
  return [
    name,
    file,
    share,
    quantity(selfShare, formatPercent(selfShare)),
    tier ?? '–',
    codeBytes === null ? '–' : quantity(codeBytes, `${formatCount(codeBytes)} B`),
    deoptimisations.map(leftText).join('; '),
  ];
}

function interval(low: number, high: number): Html {
  return html`<small>${quantity(low, formatPercent(low))} to ${quantity(high, formatPercent(high))}</small>`;
}
