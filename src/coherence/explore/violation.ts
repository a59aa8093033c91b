/** What must hold and does not. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly invariant: Invariant;

  constructor(invariant: Invariant, message: string) {
    super(message);
    this.invariant = invariant;
  }
}

export const INVARIANTS = [
  'unreachable pair',
  'single writer',
  'data value',
  'directory',
  'up-to-date place',
  'conservation',
  'progress',
] as const;
export type Invariant = (typeof INVARIANTS)[number];
