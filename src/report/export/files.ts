/** What a format of several files consists of: the name of each, and its text. */
export type Files = ReadonlyMap<string, string>;
