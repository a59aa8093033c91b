/** A sequence diagram as one SVG file: no script, and light or dark as its reader has it, so that it may be shown anywhere. */
import { Html, html } from './html/escape.ts';
import { tenths } from './html/scale.ts';
import { COLORS, SERIES, type Shade } from './palette.ts';
import type { SequenceDiagram, SequenceRow } from './sequence.ts';
import { FONT_UNITS, type Label } from './sequence-labels.ts';
import { type Path, placed, type Rect } from './sequence-layout.ts';

export function sequenceDiagram(diagram: SequenceDiagram): string {
  const { width, height, grounds, rects, paths, labels } = placed(diagram);
  const { title, subtitle, lifelines, rows } = diagram;
  const told = rows.map((row) => rowText(row, (i) => lifelines[i]!.name));
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">${title}</title>
<desc id="desc">${`${[subtitle.replace(/\.$/, ''), ...told].join('. ')}.`}</desc>
<style>${Html.trusted(STYLE)}</style>
<defs>${SERIES.map((_, i) => html`<marker id="head${i}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="s${i}" d="M0 0L8 4L0 8z"/></marker>`)}</defs>
<rect class="page" width="${width}" height="${height}"/>
${grounds.map(rectMarkup)}${paths.filter(({ kind }) => kind !== 'arrow').map(pathMarkup)}${rects.map(rectMarkup)}${paths.filter(({ kind }) => kind === 'arrow').map(pathMarkup)}${labels.map(labelMarkup)}</svg>
`.toString();
}

/** For those who do not see it. */
function rowText(row: SequenceRow, nameOf: (lifeline: number) => string): string {
  if (row.kind === 'end') return row.text;
  const where = row.kind === 'work' ? nameOf(row.at) : `${nameOf(row.from)} to ${nameOf(row.to)}`;
  return `${where}: ${row.name}, ${row.begin} to ${row.end}`;
}

function rectMarkup({ kind, x, y, width, height, series }: Rect): Html {
  const corner = kind === 'part' ? 0 : kind === 'state' ? height / 2 : kind === 'group' ? 8 : 3;
  const name = series === undefined ? kind : `${kind} s${series}`;
  return html`<rect class="${name}" x="${tenths(x)}" y="${tenths(y)}" width="${tenths(width)}" height="${height}" rx="${corner}"/>
`;
}

function pathMarkup({ kind, path, series, isDashed }: Path): Html {
  if (series === undefined)
    return html`<path class="${kind}" d="${path}"/>
`;
  const name = `${kind} l${series}${isDashed ? ' dashed' : ''}`;
  return html`<path class="${name}" d="${path}" marker-end="url(#head${series})"/>
`;
}

function labelMarkup({ text, role, x, y, anchor }: Label): Html {
  return html`<text class="${role}" x="${tenths(x)}" y="${tenths(y)}" text-anchor="${anchor}">${text}</text>
`;
}

/** What has a colour: each is said for light, and again for dark. Plain values, for not every viewer knows variables. */
const COLORED: readonly (readonly [selector: string, property: 'fill' | 'stroke', shade: Shade])[] = [
  ['.page', 'fill', COLORS.page],
  ['.title, .name, .state', 'fill', COLORS.text],
  ['.subtitle, .small', 'fill', COLORS.quiet],
  ['.group', 'fill', COLORS.stripe],
  ['.head, .bar, rect.state', 'fill', COLORS.page],
  ['.head, .lifeline', 'stroke', COLORS.line],
  ['.end, .bar', 'stroke', COLORS.quiet],
  ['.part', 'stroke', COLORS.page],
  ['rect.state', 'stroke', COLORS.accent],
  ...SERIES.flatMap((shade, i) => [[`.s${i}`, 'fill', shade] as const, [`.l${i}`, 'stroke', shade] as const]),
];

function rules(of: keyof Shade): string {
  return COLORED.map(([selector, property, shade]) => `${selector} { ${property}: ${shade[of]}; }`).join(
    '\n',
  );
}

const FONTS = Object.entries(FONT_UNITS).map(([role, units]) => `text.${role} { font-size: ${units}px; }`);

const STYLE = `
text { font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; }
.title, .subtitle { font-family: system-ui, sans-serif; }
.title, .name { font-weight: 600; }
${FONTS.join('\n')}
path { fill: none; }
.arrow { stroke-width: 1.6; }
.dashed { stroke-dasharray: 5 4; }
.lifeline { stroke-width: 1.5; }
.end { stroke-dasharray: 2 3; }
${rules('light')}
@media (prefers-color-scheme: dark) {
${rules('dark')}
}
`;
