/**
 * A line at its home, where requests for it are put in order: one at a time, the next one waits. Homes know exactly who
 * has a copy. After a copy was granted the line stays closed until who asked says that it came; a snoop can therefore
 * never overtake what it is to take away.
 */
import type { View } from './names.ts';
import type { HomeRule, HomeTable, Snooped } from './tables.ts';

const OWNER_SHARED: Snooped = { whom: 'owner', how: 'SnpShared' };
const OWNER_UNIQUE: Snooped = { whom: 'owner', how: 'SnpUnique' };
const OTHERS_UNIQUE: Snooped = { whom: 'others', how: 'SnpUnique' };
const ALL_UNIQUE: Snooped = { whom: 'all', how: 'SnpUnique' };

const after = (snoop: Snooped) => ({ snoop, waits: true }) as const;

const exclusive: HomeRule = { reply: 'CompData_UC', next: 'Ex', untilAck: true };
const shared: HomeRule = { reply: 'CompData_SC', next: 'Sh add', untilAck: true };

/** For the last copy: data where who asks has none, or has lost it to another who was first. */
const unique: { readonly [V in View]?: HomeRule } = {
  U: exclusive,
  'Sh without': { ...exclusive, ...after(ALL_UNIQUE) },
  'Ex other': { ...exclusive, ...after(OWNER_UNIQUE) },
};

/** Done here, on the only copy there is. */
function atHome(done: HomeRule): { readonly [V in View]?: HomeRule } {
  return {
    U: done,
    'Sh without': { ...done, ...after(ALL_UNIQUE) },
    'Ex other': { ...done, ...after(OWNER_UNIQUE) },
  };
}

const ATOMIC: HomeRule = { merges: 'atomic', reply: 'CompData_I', next: 'U' };

/** Who lost the copy before this came has nothing to give: what it brings is old. */
const TOO_LATE: HomeRule = { reply: 'Comp', next: 'same' };
const LATE = { U: TOO_LATE, 'Sh without': TOO_LATE, 'Ex other': TOO_LATE };

export const HOME: HomeTable = {
  ReadShared: {
    U: exclusive,
    'Sh without': shared,
    'Ex other': { ...shared, ...after(OWNER_SHARED) },
  },
  ReadUnique: unique,
  CleanUnique: {
    ...unique,
    'Sh with': { reply: 'Comp_UC', next: 'Ex', untilAck: true, ...after(OTHERS_UNIQUE) },
  },
  ReadOnce: {
    U: { reply: 'CompData_I', next: 'same' },
    'Sh without': { reply: 'CompData_I', next: 'same' },
    'Ex other': { reply: 'CompData_I', next: 'Sh', ...after(OWNER_SHARED) },
  },
  WriteUnique: atHome({ merges: 'write', reply: 'Comp', next: 'U' }),
  Atomic: { ...atHome(ATOMIC), 'Sh with': { ...ATOMIC, ...after(ALL_UNIQUE) } },
  WriteBack: {
    ...LATE,
    // Read by another on its way out: memory has it already.
    'Sh with': { reply: 'Comp', next: 'Sh remove' },
    'Ex own': { merges: 'line', reply: 'Comp', next: 'U' },
  },
  Evict: {
    ...LATE,
    'Sh with': { reply: 'Comp', next: 'Sh remove' },
    'Ex own': { reply: 'Comp', next: 'U' },
  },
};
