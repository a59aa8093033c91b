/** `barometer coherence sweep`: what a parameter does to figures of the model, or how much each figure hangs on each of them. */
import { CELLS } from '../coherence/predict/cells.ts';
import { openCoherenceProfile } from '../coherence/profiles/profiles.ts';
import { unitNames } from '../coherence/profiles/unit-kinds.ts';
import { elasticities, profileCount } from '../coherence/sensitivity/elasticities.ts';
import { effects, elasticityText, notMoved, withoutEffect } from '../coherence/sensitivity/text.ts';
import { elasticityCsv, sweepCsv } from '../coherence/sweep/csv.ts';
import { USUAL_FIGURES } from '../coherence/sweep/figures.ts';
import { type Sweep, sweep } from '../coherence/sweep/sweep.ts';
import { sweepText } from '../coherence/sweep/text.ts';
import { EXIT, UsageError } from '../errors.ts';
import { jsonText } from '../report/json-text.ts';
import { lineGraph } from '../report/line-graph.ts';
import { selectNames } from '../workload/catalog.ts';
import { type ModelFlags, modelNote } from './coherence-model.ts';
import { sweepGraph } from './coherence-sweep-graph.ts';
import { parameterOf, type ValueFlags, valuesOf } from './coherence-sweep-values.ts';
import { counted, watched } from './coherence-watch.ts';
import { expectFile, saveOutput } from './save-output.ts';
import { savedLine } from './saved-lines.ts';

export interface SweepFlags extends ModelFlags, ValueFlags {
  readonly csv?: boolean;
  readonly svg?: string;
}

/** Returns the exit code. @throws UsageError */
export async function coherenceSweep(
  name: string | undefined,
  patterns: readonly string[],
  flags: SweepFlags,
): Promise<number> {
  if (flags.json && flags.csv) {
    throw new UsageError(
      '--json and --csv were both given; expected one of them: either is all of the output',
    );
  }
  if (flags.svg !== undefined) expectFile('--svg', flags.svg);
  return name === undefined ? elasticityTable(flags) : parameterSweep(name, patterns, flags);
}

async function parameterSweep(name: string, patterns: readonly string[], flags: SweepFlags): Promise<number> {
  const profile = openCoherenceProfile(flags.profile);
  const spec = parameterOf(name);
  const values = valuesOf(spec, profile.values[spec.name], flags);
  const quantities = figuresOf(patterns);
  const total = values.length * quantities.length;
  const found = await watched(flags.quiet, (predict, say) =>
    sweep({ profile, parameter: spec.name, values, quantities }, counted(predict, total, say)),
  );
  if (found === null) return EXIT.interrupted;
  print(found, flags);
  if (flags.svg === undefined) return EXIT.ok;
  saveOutput('--svg', flags.svg, lineGraph(sweepGraph(found)));
  if (!flags.json && !flags.csv) process.stdout.write(savedLine(flags.svg));
  return EXIT.ok;
}

function figuresOf(patterns: readonly string[]): string[] {
  if (patterns.length === 0) return [...USUAL_FIGURES];
  const ids = CELLS.map(({ id }) => id);
  const advice = '`barometer coherence predict` names most of them, `chase.*` is a pattern';
  const selected = selectNames(ids, patterns, advice, 'figure');
  return ids.filter((id) => selected.has(id));
}

function print(found: Sweep, flags: SweepFlags): void {
  const { profile, parameter, rows } = found;
  if (flags.csv) {
    process.stdout.write(sweepCsv(found));
    return;
  }
  const document = {
    schema: 'barometer/coherence-sweep/1',
    model: modelNote(profile),
    profile: profile.name,
    parameter,
    valueUnit: unitNames(parameterOf(parameter).kind)[0],
    own: profile.values[parameter],
    rows,
  };
  process.stdout.write(flags.json ? jsonText(document) : `${sweepText(found)}\n${modelNote(profile)}\n`);
}

async function elasticityTable(flags: SweepFlags): Promise<number> {
  const given = (['from', 'to', 'points', 'values', 'svg'] as const).filter(
    (option) => flags[option] !== undefined,
  );
  if (given.length > 0) {
    throw new UsageError(
      `--${given[0]} says something of one parameter, and none is named; expected its name before the figures`,
    );
  }
  const profile = openCoherenceProfile(flags.profile);
  const total = profileCount(profile) * USUAL_FIGURES.length;
  const rows = await watched(flags.quiet, (predict, say) =>
    elasticities(profile, USUAL_FIGURES, counted(predict, total, say)),
  );
  if (rows === null) return EXIT.interrupted;
  if (flags.csv) {
    process.stdout.write(elasticityCsv(profile.name, effects(rows)));
    return EXIT.ok;
  }
  const document = {
    schema: 'barometer/coherence-elasticities/1',
    model: modelNote(profile),
    profile: profile.name,
    rows: effects(rows).map((row) => ({ evidence: 'modelled', ...row })),
    withoutEffect: withoutEffect(rows),
    notMoved: notMoved(rows),
  };
  const text = `Profile ${profile.name}, modelled.\n\n${elasticityText(rows)}\n${modelNote(profile)}\n`;
  process.stdout.write(flags.json ? jsonText(document) : text);
  return EXIT.ok;
}
