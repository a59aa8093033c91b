/** What a sequence diagram shows, as data. */

/** Whoever sends and receives. Neighbours of a group stand under one line with its name. */
export interface Lifeline {
  readonly name: string;
  readonly what: string;
  readonly group: string;
  /** What it is in at the begin; nothing where that has no meaning. */
  readonly state: string;
}

interface Timed {
  readonly name: string;
  /** What it spent its time on. */
  readonly note: string;
  /** When, with or without a unit. */
  readonly begin: string;
  readonly end: string;
  /** Whether what is explained does not wait for it by itself. */
  readonly isBeside: boolean;
  /** Its colour, by its place in SERIES. */
  readonly series: number;
}

/** From a lifeline to another, by their places. */
export interface MessageRow extends Timed {
  readonly kind: 'message';
  readonly from: number;
  readonly to: number;
  /** What changed at either end, or nothing. */
  readonly changeFrom: string;
  readonly changeTo: string;
}

/** Something that a lifeline does by itself, or that the one behind it does for it. */
export interface WorkRow extends Timed {
  readonly kind: 'work';
  readonly at: number;
  readonly isNext: boolean;
  readonly change: string;
}

/** A line across: what is explained has ended. */
export interface EndRow {
  readonly kind: 'end';
  /** The lifeline before which its text stands; not the first. */
  readonly gap: number;
  readonly text: string;
}

export type SequenceRow = MessageRow | WorkRow | EndRow;

export interface Part {
  readonly name: string;
  readonly value: number;
  readonly text: string;
  readonly series: number;
}

export interface SequenceDiagram {
  readonly title: string;
  readonly subtitle: string;
  readonly lifelines: readonly Lifeline[];
  /** In order of time. */
  readonly rows: readonly SequenceRow[];
  /** What a total is the sum of, drawn to scale. */
  readonly sum: { readonly title: string; readonly parts: readonly Part[] };
  readonly notes: readonly string[];
}
