/** `barometer coherence predict PATTERN…`: the patterns of the measured mode, under their names, in the model. */
import { setImmediate } from 'node:timers/promises';
import { type Pattern, USUAL_FOOTPRINT_BYTES } from '../agent/pattern.ts';
import { AGENTS_PREFIX } from '../agent/patterns.ts';
import { patternFigures } from '../coherence/patterns/figures.ts';
import type { ModelledPattern } from '../coherence/patterns/pattern.ts';
import { PATTERN_MODELS } from '../coherence/patterns/patterns.ts';
import {
  type PatternFacts,
  type PatternParams,
  type PatternRow,
  patternRow,
  patternText,
} from '../coherence/patterns/rows.ts';
import type { Side } from '../coherence/predict/scenario.ts';
import type { ParameterValues } from '../coherence/profiles/parameters.ts';
import { openCoherenceProfile } from '../coherence/profiles/profiles.ts';
import { wasmCore } from '../coherence/simulate/wasm-core.ts';
import { EXIT, UsageError } from '../errors.ts';
import { Random } from '../random.ts';
import { jsonText } from '../report/json-text.ts';
import { parseCount } from '../units.ts';
import { parseFootprint, parseList, selectedPatterns } from './agent-workloads.ts';
import { type ModelFlags, modelNote } from './coherence-model.ts';
import { namesOf } from './device-option.ts';
import { listenForInterrupts } from './measured-run.ts';
import { ProgressLine } from './progress.ts';
import { filterOf, leavesNothing } from './select.ts';

export interface PatternFlags extends ModelFlags {
  readonly agents?: string;
  readonly footprint?: string;
  readonly placement?: string;
  readonly filter?: string;
}

const PLACEMENTS = ['lpddr', 'hbm'] as const;
/** Whatever this machine has: the model does not depend on it. */
const USUAL_AGENTS = '2';
const MOST_AGENTS = 1024;
const SEED = 1;
/** Of agents with even and with odd numbers. */
const SIDES: Readonly<Record<string, readonly [Side, Side]>> = {
  grace: ['grace', 'grace'],
  hopper: ['hopper', 'hopper'],
  'grace-hopper': ['grace', 'hopper'],
  'hopper-grace': ['hopper', 'grace'],
};

/** A row to be: which pattern, and with which parameters. */
interface Asked {
  readonly pattern: Pattern;
  readonly params: PatternParams;
}

/** Returns the exit code. @throws UsageError for bad input, or where no figure of all that was asked for can be had */
export async function predictPatterns(names: readonly string[], flags: PatternFlags): Promise<number> {
  const profile = openCoherenceProfile(flags.profile);
  const patterns = selectedPatterns(names);
  const isWanted = filterOf(flags);
  const all = patterns.flatMap((pattern) => paramsOf(pattern, flags).map((params) => ({ pattern, params })));
  const asked = all.filter(({ pattern, params }) =>
    isWanted({ name: AGENTS_PREFIX + pattern.name, params: { ...params } }),
  );
  if (asked.length === 0) {
    throw leavesNothing(flags, all.length, 'barometer coherence predict PATTERN --json');
  }
  const rows = await rowsOf(asked, profile.values, flags);
  if (rows === null) return EXIT.interrupted;
  if (rows.every(({ available }) => !available)) {
    const reasons = new Set(rows.map(({ name, reason }) => `${name}: ${reason}`));
    throw new UsageError([...reasons].join('; '));
  }
  const note = modelNote(profile);
  if (!flags.json) {
    const facts = patterns.map(factsOf).filter(({ name }) => rows.some((row) => row.name === name));
    process.stdout.write(`${patternText(profile.name, facts, rows)}\n${note}\n`);
    return EXIT.ok;
  }
  const others = { latencies: [], pingPong: [], bandwidths: [] };
  const head = { schema: 'barometer/coherence-prediction/1', model: note, profile: profile.name };
  process.stdout.write(jsonText({ ...head, ...others, patterns: rows }));
  return EXIT.ok;
}

/** Null where it was interrupted. */
async function rowsOf(
  asked: readonly Asked[],
  values: ParameterValues,
  flags: PatternFlags,
): Promise<PatternRow[] | null> {
  const progress = new ProgressLine(process.stderr, flags.quiet ?? false);
  const interrupt = listenForInterrupts();
  const rows: PatternRow[] = [];
  try {
    for (const one of asked) {
      const { name } = one.pattern;
      progress.say(`${rows.length + 1} of ${asked.length}  ${AGENTS_PREFIX}${name}`);
      await setImmediate();
      if (interrupt.signal.aborted) return null;
      rows.push(patternRow(factsOf(one.pattern), one.params, figuresOf(one, values)));
    }
    return rows;
  } finally {
    progress.clear();
    interrupt.dispose();
  }
}

function figuresOf({ pattern, params }: Asked, values: ParameterValues) {
  const { agents, footprintBytes, placement, sides, loadIntervalNs = 0 } = params;
  const model = modelOf(pattern);
  if (!('run' in model)) return model.reason;
  const refusal = pattern.refuses({ agentCount: agents, footprintBytes, role: 'cpu-core' });
  if (refusal !== null) return refusal;
  const options = { values, agents, footprintBytes, placement, sides: SIDES[sides]!, loadIntervalNs };
  return patternFigures(model, { ...options, random: new Random(SEED) }, wasmCore);
}

function paramsOf(pattern: Pattern, flags: PatternFlags): PatternParams[] {
  const counts = parseList(flags.agents ?? USUAL_AGENTS, '--agents', parseAgents);
  const footprints =
    flags.footprint === undefined
      ? [pattern.usualFootprintBytes ?? USUAL_FOOTPRINT_BYTES]
      : parseList(flags.footprint, '--footprint', parseFootprint);
  const placements = namesOf(flags.placement, PLACEMENTS, '--placement');
  const model = modelOf(pattern);
  const isShared = 'run' in model && model.isShared;
  const sides = Object.keys(SIDES).filter((name) => isShared || !name.includes('-'));
  return counts.flatMap((agents) =>
    footprints.flatMap((footprintBytes) =>
      placements.flatMap((placement) =>
        sides.flatMap((one): PatternParams[] => {
          const params = { agents, footprintBytes, placement, sides: one };
          return pattern.loads?.map((loadIntervalNs) => ({ ...params, loadIntervalNs })) ?? [params];
        }),
      ),
    ),
  );
}

function modelOf({ name }: Pattern): NonNullable<ReturnType<typeof PATTERN_MODELS.get>> {
  return PATTERN_MODELS.get(name)!;
}

function factsOf(pattern: Pattern): PatternFacts {
  const model = modelOf(pattern);
  return {
    name: AGENTS_PREFIX + pattern.name,
    operation: pattern.operation,
    note: 'run' in model ? (model as ModelledPattern).note : undefined,
    isRoundTrip: pattern.name.startsWith('ping-pong'),
    bytesPerOp: pattern.bytesPerOp('cpu-core'),
  };
}

function parseAgents(text: string): number {
  return parseCount(text, '--agents', { min: 1, max: MOST_AGENTS });
}
