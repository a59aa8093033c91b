/** What `barometer report` is given: samples, which are joined, and documents that the page has sections for. */
import { UsageError } from '../errors.ts';
import { kindText, loadDocument, type OtherDocument } from '../results/documents.ts';
import { type MergeInput, mergeSamples } from '../results/merge.ts';
import { SAMPLES_SCHEMA, type SamplesDocument } from '../results/samples.ts';

export interface ReportInputs {
  /** Null where all documents are of other kinds. */
  readonly samples: SamplesDocument | null;
  readonly others: readonly OtherDocument[];
}

/**
 * @param samplesOnly an option that was given and makes nothing of other documents, if there is one
 * @throws UsageError for a file that is none of the documents, or one that the option does not take
 */
export function loadInputs(paths: readonly string[], samplesOnly: string | undefined): ReportInputs {
  const inputs: MergeInput[] = [];
  const others: OtherDocument[] = [];
  for (const source of paths) {
    const document = loadDocument(source);
    if (document.schema === SAMPLES_SCHEMA) inputs.push({ samples: document, source });
    else if (samplesOnly === undefined) others.push(document);
    else throw notSamples(source, document, samplesOnly);
  }
  return { samples: inputs.length === 0 ? null : mergeSamples(inputs), others };
}

function notSamples(source: string, { schema }: OtherDocument, option: string): UsageError {
  return new UsageError(
    `${source}: its schema is ${JSON.stringify(schema)}, which only --html takes; expected, for ${option}, ` +
      `${kindText(SAMPLES_SCHEMA)}`,
  );
}
