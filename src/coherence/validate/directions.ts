/**
 * What a model must get the right way round, without a percentage: figure `id` against figure `against`. Noise has
 * published figures. False sharing and contention have none that are at hand: what is stated there is what anybody expects.
 */

export interface Direction {
  readonly id: string;
  readonly against: string;
  /** Whether the figure of `id` is `less` or `more` than the other. */
  readonly is: 'less' | 'more';
  readonly basis: 'published' | 'expected';
}

function noise(operation: 'read' | 'write', agent: 'grace' | 'hopper', memory: 'lpddr' | 'hbm'): Direction {
  const quiet = `${operation}.${agent}.${memory}`;
  return { id: `noise-${quiet}`, against: quiet, is: 'less', basis: 'published' };
}

/** Times of an operation, in nanoseconds. */
function slower(id: string, against: string): Direction {
  return { id, against, is: 'more', basis: 'expected' };
}

export const DIRECTIONS: readonly Direction[] = [
  noise('read', 'grace', 'lpddr'),
  noise('read', 'grace', 'hbm'),
  noise('write', 'grace', 'lpddr'),
  noise('write', 'grace', 'hbm'),
  noise('read', 'hopper', 'lpddr'),
  noise('read', 'hopper', 'hbm'),
  noise('write', 'hopper', 'lpddr'),
  noise('write', 'hopper', 'hbm'),
  slower('shared-line.grace.lpddr', 'padded-line.grace.lpddr'),
  slower('shared-line.grace.hbm', 'padded-line.grace.hbm'),
  slower('contended-add.grace.lpddr', 'lone-add.grace.lpddr'),
  slower('contended-add.grace.hbm', 'lone-add.grace.hbm'),
  slower('contended-add.hopper.lpddr', 'lone-add.hopper.lpddr'),
  slower('contended-add.hopper.hbm', 'lone-add.hopper.hbm'),
];
