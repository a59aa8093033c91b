/** Documents that `barometer report` takes, each known by its `schema`. */
import { UsageError } from '../errors.ts';
import { HISTORY_SERIES_SCHEMA, type HistoryDocument, parseHistoryDocument } from './history-document.ts';
import { parseSamples } from './parse-samples.ts';
import { PROFILE_SCHEMA, type ProfileDocument, parseProfile } from './profile.ts';
import { SAMPLES_SCHEMA, type SamplesDocument } from './samples.ts';
import { parseSizing, SIZING_SCHEMA, type SizingDocument } from './sizing.ts';
import { readJson } from './store.ts';

/** Documents beside samples: the page has a section for each kind. */
export type OtherDocument = HistoryDocument | SizingDocument | ProfileDocument;

export type ReportDocument = SamplesDocument | OtherDocument;

interface Kind {
  /** What prints or saves such documents. */
  readonly madeBy: string;
  parse(value: unknown, source: string): ReportDocument;
}

const KINDS: { readonly [Schema in ReportDocument['schema']]: Kind } = {
  [SAMPLES_SCHEMA]: { madeBy: 'barometer run --out FILE', parse: parseSamples },
  [HISTORY_SERIES_SCHEMA]: { madeBy: 'barometer history show --json', parse: parseHistoryDocument },
  [SIZING_SCHEMA]: { madeBy: 'barometer size DEVICE --json', parse: parseSizing },
  [PROFILE_SCHEMA]: { madeBy: 'barometer profile WORKLOAD --json', parse: parseProfile },
};

/** @throws UsageError for a file that cannot be read, and for one that is none of these documents */
export function loadDocument(path: string): ReportDocument {
  const value = readJson(path, accepted());
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (typeof schema === 'string' && Object.hasOwn(KINDS, schema)) {
    return KINDS[schema as ReportDocument['schema']].parse(value, path);
  }
  const found =
    typeof schema === 'string'
      ? `its schema is ${JSON.stringify(schema)}${versionAdvice(schema)}`
      : 'no "schema" of barometer\'s in it';
  throw new UsageError(`${path}: ${found}; expected ${accepted()}`);
}

/** What a document is and where it comes from: `barometer/size/1, as made by: barometer size DEVICE --json`. */
export function kindText(schema: ReportDocument['schema']): string {
  return `${schema}, as made by: ${KINDS[schema].madeBy}`;
}

function accepted(): string {
  const kinds = Object.entries(KINDS).map(([schema, { madeBy }]) => `${schema} (${madeBy})`);
  return `one of ${kinds.join(', ')}`;
}

/** A kind that is known, of a version that is not. */
function versionAdvice(schema: string): string {
  const family = schema.replace(/\d+$/, '');
  const isKnown = Object.keys(KINDS).some(
    (known) => known !== schema && known.replace(/\d+$/, '') === family,
  );
  return isKnown ? ', written by another version of barometer: read it with that one' : '';
}
