/** Articles of documents beside samples. A kind is one entry here, and one in `results/documents.ts`. */
import type { OtherDocument } from '../../results/documents.ts';
import { HISTORY_SERIES_SCHEMA } from '../../results/history-document.ts';
import { PROFILE_SCHEMA } from '../../results/profile.ts';
import { SIZING_SCHEMA } from '../../results/sizing.ts';
import { historyArticle } from './history-charts.ts';
import { profileArticle } from './profile-section.ts';
import type { Article } from './section.ts';
import { sizingArticle } from './sizing-tables.ts';

type Of<Schema extends OtherDocument['schema']> = Extract<OtherDocument, { schema: Schema }>;

/** One article for all documents of a kind. */
const KINDS = [
  kind(HISTORY_SERIES_SCHEMA, historyArticle),
  kind(SIZING_SCHEMA, sizingArticle),
  kind(PROFILE_SCHEMA, profileArticle),
];

export function documentArticles(documents: readonly OtherDocument[]): Article[] {
  return KINDS.flatMap((articleOf) => articleOf(documents));
}

function kind<Schema extends OtherDocument['schema']>(
  schema: Schema,
  articleOf: (documents: readonly Of<Schema>[]) => Article,
): (documents: readonly OtherDocument[]) => Article[] {
  return (documents) => {
    const ofKind = documents.filter((one): one is Of<Schema> => one.schema === schema);
    return ofKind.length === 0 ? [] : [articleOf(ofKind)];
  };
}
