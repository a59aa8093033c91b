/**
 * Reads a profile: the format and its name on the first line, then a parameter a line,
 * `NAME VALUE UNIT CLASS SOURCE…`, and at most one `split SHA256`. Empty lines and such that begin with `#` say nothing.
 */
import { closest, distance } from 'fastest-levenshtein';
import { UsageError } from '../../errors.ts';
import { SPLIT_SHA256 } from '../validate/split-hash.ts';
import {
  PARAMETERS,
  type ParameterName,
  type ParameterSpec,
  parameterNamed,
  rangeText,
} from './parameters.ts';
import {
  type CoherenceProfile,
  FITTED_TO,
  PROFILE_FORMAT,
  type Provenance,
  requireProfileName,
  VALUE_CLASSES,
  type ValueClass,
} from './profile.ts';
import { isUnitOf, toBaseUnits, unitNames } from './unit-kinds.ts';
import { waysFault } from './ways.ts';

/** Far more than any profile takes. */
export const MAX_PROFILE_BYTES = 64 * 1024;
/** A fitted parameter may name all cells of the calibration. */
const MAX_LINE_LENGTH = 1000;
const LINE_FORM = 'NAME VALUE UNIT CLASS SOURCE';
/** What a text of lines has not. The replacement character is what is left of bytes that are no UTF-8. */
const NOT_TEXT = /[^\P{Cc}\t\r\n]|\p{Cf}|\p{Cs}|\uFFFD/u;

interface Line {
  /** `FILE:12` */
  readonly at: string;
  readonly text: string;
}

interface Parameter extends Provenance {
  readonly name: ParameterName;
  readonly value: number;
  readonly at: string;
}

/**
 * @param origin what the text is, for messages: a file's path
 * @param split SHA-256 of the split that a fitted profile must have been fitted to
 * @throws UsageError that names the line, what was given and what was expected
 */
export function parseCoherenceProfile(text: string, origin: string, split = SPLIT_SHA256): CoherenceProfile {
  const [first, ...rest] = textLines(text, origin);
  const name = parseFirstLine(first, origin);
  const splitLines = rest.filter((line) => /^split(\s|$)/.test(line.text));
  const parameters = rest.filter((line) => !splitLines.includes(line)).map(parseParameter);
  const byName = oncePerName(parameters);
  requireAll(byName, origin);
  const entries = PARAMETERS.map((spec) => byName.get(spec.name)!);
  const values = recordOf(entries, ({ value }) => value);
  const fault = waysFault(values);
  if (fault !== null) throw new UsageError(`${byName.get(fault.ways)!.at}: ${fault.message}`);
  return {
    name,
    values,
    provenance: recordOf(entries, ({ class: valueClass, source }) => ({ class: valueClass, source })),
    split: parseSplit(splitLines, { expected: split, fitted: entries.find(isFitted) }),
  };
}

function recordOf<T>(parameters: readonly Parameter[], pick: (parameter: Parameter) => T) {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, pick(parameter)])) as Record<
    ParameterName,
    T
  >;
}

/** Lines that say something. */
function textLines(text: string, origin: string): Line[] {
  if (Buffer.byteLength(text) > MAX_PROFILE_BYTES) {
    throw new UsageError(`${origin}: is too long for a profile; expected ${MAX_PROFILE_BYTES} bytes at most`);
  }
  const lines = text.split('\n').map((line, i) => ({ at: `${origin}:${i + 1}`, text: line.trim() }));
  for (const line of lines) requireText(line);
  return lines.filter((line) => line.text !== '' && !line.text.startsWith('#'));
}

function requireText({ at, text }: Line): void {
  if (NOT_TEXT.test(text)) {
    throw new UsageError(
      `${at}: is not text; expected a profile, whose first line is ${PROFILE_FORMAT} NAME`,
    );
  }
  if (text.length > MAX_LINE_LENGTH) {
    throw new UsageError(`${at}: ${text.length} characters; expected a line of ${MAX_LINE_LENGTH} at most`);
  }
}

function parseFirstLine(first: Line | undefined, origin: string): string {
  const expected = `expected ${PROFILE_FORMAT} NAME on the first line`;
  if (first === undefined) throw new UsageError(`${origin}: is empty; ${expected}`);
  const [format, ...words] = first.text.split(/\s+/);
  if (format !== PROFILE_FORMAT) throw new UsageError(`${first.at}: ${quoted(first.text)}; ${expected}`);
  const name = words.join(' ');
  requireProfileName(name, first.at);
  return name;
}

function parseParameter({ at, text }: Line): Parameter {
  const [name = '', value = '', unit = '', valueClass = '', ...source] = text.split(/\s+/);
  const spec = parameterNamed(name);
  if (spec === undefined) throw new UsageError(`${at}: ${unknownParameter(name)}`);
  return {
    name: spec.name,
    at,
    value: parseValue(at, spec, { value, unit }),
    class: parseClass(at, name, valueClass),
    source: parseSource(at, name, source),
  };
}

function unknownParameter(name: string): string {
  const names = PARAMETERS.map((spec) => spec.name);
  const nearest = closest(name, names);
  // Farther than half its letters, it is no misspelling.
  const offer =
    distance(name, nearest) <= nearest.length / 2 ? `did you mean ${nearest}?` : `expected ${LINE_FORM}`;
  return `unknown parameter ${quoted(name)}; ${offer}`;
}

/**
 * A value in base units, within the range of its parameter.
 * @param at where it was given, for messages
 * @throws UsageError that says what was given and what was expected
 */
export function parseValue(
  at: string,
  spec: ParameterSpec,
  given: { readonly value: string; readonly unit: string },
): number {
  const { name, kind, min, max } = spec;
  const units = unitNames(kind).join(', ');
  const form = `expected ${rangeText(spec)}`;
  if (given.value === '') throw new UsageError(`${at}: ${name} has no value; ${form}`);
  if (toBaseUnits(given.value, unitNames(kind)[0]!, kind) === 'not a number') {
    throw new UsageError(`${at}: ${name} ${quoted(given.value)} is not a decimal number; ${form}`);
  }
  if (given.unit === '' || VALUE_CLASSES.includes(given.unit as ValueClass)) {
    throw new UsageError(`${at}: ${name} ${given.value} has no unit; expected one of ${units}`);
  }
  if (!isUnitOf(kind, given.unit)) {
    throw new UsageError(`${at}: ${name} ${given.value} ${quoted(given.unit)}: expected a unit of ${units}`);
  }
  const base = toBaseUnits(given.value, given.unit, kind);
  if (typeof base === 'number' && base >= min && base <= max) return base;
  const fault = base === 'not whole' ? `is no whole number of ${unitNames(kind)[0]}` : faultOf(base, spec);
  throw new UsageError(`${at}: ${name} ${given.value} ${given.unit} ${fault}; ${form}`);
}

function faultOf(base: number | string, { min }: ParameterSpec): string {
  if (base === 'negative') return 'is negative';
  if (base === 0) return 'is zero';
  return typeof base === 'number' && base < min ? 'is too small' : 'is too large';
}

function parseClass(at: string, name: string, given: string): ValueClass {
  const valueClass = VALUE_CLASSES.find((known) => known === given);
  if (valueClass !== undefined) return valueClass;
  const found = given === '' ? 'has no class' : `has class ${quoted(given)}`;
  throw new UsageError(`${at}: ${name} ${found}; expected ${VALUE_CLASSES.join(', ')} behind the unit`);
}

function parseSource(at: string, name: string, words: readonly string[]): string {
  if (words.length > 0) return words.join(' ');
  throw new UsageError(`${at}: ${name} has no source; expected behind its class where the value is from`);
}

function oncePerName(parameters: readonly Parameter[]): Map<ParameterName, Parameter> {
  const byName = new Map<ParameterName, Parameter>();
  for (const parameter of parameters) {
    const { name, at } = parameter;
    const earlier = byName.get(name);
    if (earlier !== undefined) {
      throw new UsageError(`${at}: ${name} is given twice, first at ${earlier.at}; expected it once`);
    }
    byName.set(name, parameter);
  }
  return byName;
}

function requireAll(byName: ReadonlyMap<ParameterName, Parameter>, origin: string): void {
  const missing = PARAMETERS.filter(({ name }) => !byName.has(name));
  if (missing.length === 0) return;
  const [{ name, kind, meaning }] = missing as [ParameterSpec];
  const more = missing.length > 1 ? ` (and ${missing.length - 1} more)` : '';
  throw new UsageError(
    `${origin}: ${name} is missing${more}; expected a line ${name} VALUE ${unitNames(kind)[0]} CLASS SOURCE: ${meaning}`,
  );
}

function isFitted({ class: valueClass, source }: Parameter): boolean {
  return valueClass === 'calibrated' && source.startsWith(FITTED_TO);
}

/** @param fitted a parameter that says that a fit wrote it, where there is one */
function parseSplit(
  [line, second]: readonly Line[],
  { expected, fitted }: { expected: string; fitted: Parameter | undefined },
): string | null {
  if (line === undefined) {
    if (fitted === undefined) return null;
    throw new UsageError(
      `${fitted.at}: ${fitted.name} was fitted, and no line says by which split; expected a line split SHA256 as the fit wrote it`,
    );
  }
  if (second !== undefined) throw new UsageError(`${second.at}: split is given twice; expected it once`);
  const given = line.text.split(/\s+/).slice(1).join(' ');
  if (!/^[0-9a-f]{64}$/.test(given)) {
    throw new UsageError(
      `${line.at}: split ${quoted(given)}; expected the 64 hexadecimal digits of a SHA-256`,
    );
  }
  if (given === expected) return given;
  throw new UsageError(
    `${line.at}: this profile was fitted to another split, ${given.slice(0, 12)}…; expected ${expected.slice(0, 12)}…: ` +
      'fit it again, because cells that are held out now may have been fitted then',
  );
}

/** In quotes that also make an empty text and control characters visible, cut where it is long. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
