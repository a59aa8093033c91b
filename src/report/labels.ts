/** Short names of workloads and their parameters, for people. */
import { type Arm, armKey, type Params, type Settings } from '../results/samples.ts';
import { formatBytes, formatNs } from '../units.ts';

/** Parameters whose value says what it is the value of. */
const SELF_EXPLAINING = new Set([
  'sizeBytes',
  'widthBytes',
  'footprintBytes',
  'mix',
  'policy',
  'operation',
  'backing',
  'path',
  'role',
]);

/** What goes without saying in a list of rows. */
export type LabelContext = Pick<Settings, 'policy'>;

const OFFSET = /^(\w+)OffsetBytes$/;

/** `config-read` of `config-read/batch`. */
export function familyOf(workload: string): string {
  return workload.replace(/\/.*$/, '');
}

/**
 * What tells a row from others of its family: `batch 4 B, header`. Empty for a workload that is a family of its own;
 * a row whose every difference goes without saying is the aligned one among misaligned ones.
 */
function rowLabel(workload: string, params: Params, settings: LabelContext): string {
  const variant = workload.slice(familyOf(workload).length + 1);
  const own = [variant, paramsLabel(params, settings)].filter(Boolean).join(' ');
  return own || (Object.keys(params).some((name) => OFFSET.test(name)) ? 'aligned' : '');
}

/** `config-read batch 4 B, header`: a row away from its table. */
export function fullLabel(workload: string, params: Params, settings: LabelContext): string {
  return [familyOf(workload), rowLabel(workload, params, settings)].filter(Boolean).join(' ');
}

/** Where a row stands in a table. */
export interface RowPlace {
  /** Family of the workload, with the parameters that all of its rows share. */
  heading: string;
  /** What tells the row from others under its heading; empty where it is the only one and the heading says it all. */
  label: string;
}

/** A row as far as its name goes. */
interface Named {
  readonly name: string;
  readonly params: Params;
}

/** The place of each of `rows`, which are those of one table. */
export function rowPlaces(rows: readonly Named[], settings: LabelContext): (row: Named) => RowPlace {
  const families = Map.groupBy(rows, ({ name }) => familyOf(name));
  const facts = new Map(
    [...families].map(([family, members]) => {
      const isAlone = new Set(members.map(({ name, params }) => rowKey(name, params))).size === 1;
      const shared = isAlone ? {} : sharedParams(members.map(({ params }) => params));
      const heading = [family, paramsLabel(shared, settings)].filter(Boolean).join(', ');
      return [family, { isAlone, shared, heading }];
    }),
  );
  return ({ name, params }) => {
    const family = familyOf(name);
    const { isAlone, shared, heading } = facts.get(family)!;
    const own = Object.entries(params).filter(([param]) => !Object.hasOwn(shared, param));
    const label = rowLabel(name, Object.fromEntries(own), settings);
    return { heading, label: label || (isAlone ? '' : family) };
  };
}

function rowKey(name: string, params: Params): string {
  return JSON.stringify([name, Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Parameters that all rows have with the same value. */
function sharedParams(list: readonly Params[]): Params {
  const [first = {}, ...others] = list;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((params) => params[name] === value)),
  );
}

/**
 * `4 KiB, dst +16`. What goes without saying is left out: an aligned side, the policy of the whole run, pages that
 * were touched before, and accesses of cores.
 */
export function paramsLabel(params: Params, settings: LabelContext): string {
  return Object.entries(params)
    .filter(([name, value]) => !(name === 'policy' && value === settings.policy))
    .filter(([name, value]) => !(name === 'touch' && value === 'later'))
    .filter(([name, value]) => !(name === 'role' && value === 'cpu-core'))
    .map(([name, value]) => paramLabel(name, value))
    .filter(Boolean)
    .join(', ');
}

function paramLabel(name: string, value: number | string): string {
  const offset = OFFSET.exec(name)?.[1];
  if (offset !== undefined && typeof value === 'number') return value === 0 ? '' : `${offset} +${value}`;
  if (name === 'loadIntervalNs')
    return Number(value) === 0 ? 'load at full rate' : `load every ${formatNs(Number(value))}`;
  if (name === 'inFlight') return value === 1 ? '' : `${value} in flight`;
  if (name === 'processors') return `CPU ${value}`;
  if (name === 'agents') return value === 1 ? '1 agent' : `${value} agents`;
  const text = name.endsWith('Bytes') && typeof value === 'number' ? formatBytes(value) : String(value);
  return SELF_EXPLAINING.has(name) ? text : `${name.replace(/Bytes$/, '')} ${text}`;
}

/** Builds come with the letter that `ab` gave them: `A barometer 0.1.0 1f2e…`. */
const LETTERED = /^([A-Z]) (.+)$/;

/** The letter of a build, where it has one, and its name. */
export function buildName(build: string): { letter: string | null; name: string } {
  const [, letter, name] = LETTERED.exec(build) ?? [];
  return letter === undefined ? { letter: null, name: build } : { letter, name: name! };
}

const ARM_PARTS = ['implementation', 'runtime', 'build'] as const;

/** What tells an arm from the others of its workload, in as few words as `arms` allow: `wasm`, `ts B`, `A`. */
export function armNamer(arms: readonly Arm[]): (arm: Arm) => string {
  const telling = ARM_PARTS.filter((part) => {
    const alike = Map.groupBy(arms, (arm) => armKey({ ...arm, [part]: '' }));
    return [...alike.values()].some((group) => new Set(group.map((arm) => arm[part])).size > 1);
  });
  const parts = telling.length > 0 ? telling : (['implementation'] as const);
  return (arm) =>
    parts
      .map((part) => (part === 'build' ? (buildName(arm.build).letter ?? arm.build) : arm[part]))
      .join(' ');
}
