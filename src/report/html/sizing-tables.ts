/** What each sizer makes of the BARs of a device under each policy, and what follows where it is wrong. */
import { barName, type Conclusion, type SizedPolicy, type SizingDocument } from '../../results/sizing.ts';
import { formatCount } from '../../units.ts';
import {
  barsText,
  type Consequence,
  conclusionText,
  consequencesOf,
  isRun,
  isWrong,
  notRunTexts,
} from '../sizing-text.ts';
import { type Html, html, type Insertion } from './escape.ts';
import { quantity } from './quantity.ts';
import { type Article, details, section, table } from './section.ts';

const NOTE =
  'Each sizer reads and writes the registers as that program does. 2 gone is a BAR 2 that it does not find; – stands where it does not size such devices.';

export function sizingArticle(documents: readonly SizingDocument[]): Article {
  return { heading: headline(documents), place: '', body: documents.map(deviceSection) };
}

function headline(documents: readonly SizingDocument[]): string {
  const run = documents.flatMap(({ policies }) => policies.flatMap(({ sizers }) => sizers.filter(isRun)));
  if (run.length === 0) return 'BAR sizing: no sizer was run';
  return `BAR sizing: ${formatCount(run.filter(isWrong).length)} of ${formatCount(run.length)} conclusions wrong`;
}

function deviceSection({ device, policies }: SizingDocument): Html {
  const note = [NOTE, ...notRunTexts(policies).map((text) => `${text}.`)].join(' ');
  return section({ title: device, note }, [
    verdictTable(device, policies),
    consequenceTable(device, policies),
    presentedTable(device, policies),
    details('What each sizer concludes', conclusionTable(device, policies)),
  ]);
}

function verdictTable(device: string, policies: readonly SizedPolicy[]): Html {
  // Files may have other sizers under each policy.
  const names = [...new Set(policies.flatMap(({ sizers }) => sizers.map(({ sizer }) => sizer)))];
  return table({
    caption: `${device}: what each sizer gets wrong`,
    columns: [{ title: 'policy', kind: 'text' }, ...names.map((title) => ({ title, kind: 'text' as const }))],
    rows: policies.map(({ policy, sizers }) => [
      policy,
      ...names.map((name) => verdictCell(sizers.find(({ sizer }) => sizer === name))),
    ]),
  });
}

function verdictCell(conclusion: Conclusion | undefined): Insertion {
  if (conclusion === undefined) return null;
  const text = conclusionText(conclusion);
  if (!isRun(conclusion)) return html`<span class="missing">${text}</span>`;
  return isWrong(conclusion)
    ? html`<span class="wrong">✗ ${text}</span>`
    : html`<span class="right">✓ ${text}</span>`;
}

function consequenceTable(device: string, policies: readonly SizedPolicy[]): Html {
  const consequences = consequencesOf(policies);
  if (consequences.length === 0) return html``;
  return table({
    caption: `${device}: what follows`,
    columns: [
      { title: 'wrong', kind: 'text' },
      { title: 'what follows', kind: 'prose' },
      { title: 'concluded by', kind: 'prose' },
    ],
    rows: consequences.map(({ what, consequence, places }) => [what, consequence, placesText(places)]),
  });
}

/** `linux, qemu under passthrough, v13; linux under core`. */
function placesText(places: Consequence['places']): string {
  const byPolicy = [...Map.groupBy(places, ({ policy }) => policy)].map(([policy, alike]) => ({
    policy,
    sizers: alike.map(({ sizer }) => sizer).join(', '),
  }));
  return [...Map.groupBy(byPolicy, ({ sizers }) => sizers)]
    .map(([sizers, alike]) => `${sizers} under ${alike.map(({ policy }) => policy).join(', ')}`)
    .join('; ');
}

function presentedTable(device: string, policies: readonly SizedPolicy[]): Html {
  return table({
    caption: `${device}: what it presents`,
    columns: [
      { title: 'policy', kind: 'text' },
      { title: 'the device presents', kind: 'prose' },
    ],
    rows: policies.map(({ policy, expected }) => [policy, barsText(expected)]),
  });
}

function conclusionTable(device: string, policies: readonly SizedPolicy[]): Html {
  const all = policies.flatMap(({ policy, sizers }) => sizers.map((one) => ({ ...one, policy })));
  return table({
    caption: `${device}: what each sizer concludes`,
    columns: [
      { title: 'policy', kind: 'text' },
      { title: 'sizer', kind: 'text' },
      { title: 'BARs', kind: 'prose' },
      { title: 'no BAR made of', kind: 'prose' },
      { title: 'accesses', kind: 'number' },
    ],
    rows: all
      .filter(isRun)
      .map(({ policy, sizer, failure, bars, unsized, accesses }) => [
        policy,
        sizer,
        failure ?? barsText(bars),
        unsized.map(({ barIdx, why }) => `${barName(barIdx)}: ${why}`).join('; '),
        quantity(accesses, formatCount(accesses)),
      ]),
  });
}
