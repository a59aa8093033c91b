/**
 * Protocols with one bug each, as people make them. A checker that does not find these proves nothing of the protocol
 * without them.
 */
import type { Request, View } from '../protocol/names.ts';
import { PROTOCOL } from '../protocol/protocol.ts';
import type { HomeRule, Protocol } from '../protocol/tables.ts';
import type { Invariant } from './violation.ts';

export interface PlantedBug {
  readonly name: string;
  /** What goes wrong, in words. */
  readonly what: string;
  /** By which it is found. */
  readonly invariant: Invariant;
  readonly protocol: Protocol;
}

const { cpu, gpu, home } = PROTOCOL;

function atHome(request: Request, view: View, change: Partial<HomeRule>): Protocol {
  const rule = home[request][view]!;
  return { ...PROTOCOL, home: { ...home, [request]: { ...home[request], [view]: { ...rule, ...change } } } };
}

function inCpu(change: Partial<typeof cpu>): Protocol {
  return { ...PROTOCOL, cpu: { ...cpu, ...change } };
}

function inGpu(change: Partial<typeof gpu>): Protocol {
  return { ...PROTOCOL, gpu: { ...gpu, ...change } };
}

export const PLANTED: readonly PlantedBug[] = [
  {
    name: 'lost invalidation',
    what: 'the home grants a line to a writer and asks no reader to give it up',
    invariant: 'directory',
    protocol: atHome('ReadUnique', 'Sh without', { snoop: undefined, waits: undefined }),
  },
  {
    name: 'early grant',
    what: 'the home grants a line to a writer before readers have answered',
    invariant: 'single writer',
    protocol: atHome('ReadUnique', 'Sh without', { waits: undefined }),
  },
  {
    name: 'early upgrade',
    what: 'the same for a reader that becomes the writer',
    invariant: 'single writer',
    protocol: atHome('CleanUnique', 'Sh with', { waits: undefined }),
  },
  {
    name: 'stale write-back accepted',
    what: 'the home takes a changed line from a core that has lost it meanwhile',
    invariant: 'up-to-date place',
    protocol: atHome('WriteBack', 'U', { merges: 'line' }),
  },
  {
    name: 'late write-back clears the owner',
    what: 'the same, and the new owner is forgotten',
    invariant: 'directory',
    protocol: atHome('WriteBack', 'Ex other', { next: 'U' }),
  },
  {
    name: 'late evict clears the owner',
    what: 'a core that has lost a line gives it back, and the home forgets who has it now',
    invariant: 'directory',
    protocol: atHome('Evict', 'Ex other', { next: 'U' }),
  },
  {
    name: 'missing acknowledgement',
    what: 'the home serves the next request before the grant of the last one has come',
    invariant: 'unreachable pair',
    protocol: {
      ...inCpu({
        IS_D: without(cpu.IS_D, 'acknowledges'),
        IM_AD: without(cpu.IM_AD, 'acknowledges'),
        SM_AD: without(cpu.SM_AD, 'acknowledges'),
      }),
      home: Object.fromEntries(
        Object.entries(home).map(([request, views]) => [request, without(views, 'untilAck')]),
      ) as unknown as Protocol['home'],
    },
  },
  {
    name: 'missing answer',
    what: 'a reader gives its copy up and does not say so',
    invariant: 'progress',
    protocol: inCpu({ S: { ...cpu.S, SnpUnique: { next: 'I' } } }),
  },
  {
    name: 'kept upgrade',
    what: 'a reader that waits to become the writer loses its copy and takes no note of it',
    invariant: 'directory',
    protocol: inCpu({ SM_AD: { ...cpu.SM_AD, SnpUnique: { next: 'SM_AD', send: 'SnpResp' } } }),
  },
  {
    name: 'kept copy',
    what: 'a reader says that it gave its copy up, and keeps it',
    invariant: 'directory',
    protocol: inCpu({ S: { ...cpu.S, SnpUnique: { next: 'S', send: 'SnpResp' } } }),
  },
  {
    name: 'dirty data dropped',
    what: 'the owner of a changed line answers a snoop without data',
    invariant: 'up-to-date place',
    protocol: inCpu({ M: { ...cpu.M, SnpUnique: { next: 'I', send: 'SnpResp' } } }),
  },
  {
    name: 'changed line given back as unchanged',
    what: 'a core evicts a line that it wrote and does not send it',
    invariant: 'up-to-date place',
    protocol: inCpu({ M: { ...cpu.M, Evict: { next: 'EI_A', send: 'Evict' } } }),
  },
  {
    name: 'shared taken for exclusive',
    what: 'a core that was granted a shared copy takes it for the only one',
    invariant: 'single writer',
    protocol: inCpu({ IS_D: { ...cpu.IS_D, CompData_SC: { ...cpu.IS_D.CompData_SC!, next: 'E' } } }),
  },
  {
    name: 'reader not noted',
    what: 'the home hands out a shared copy and does not note who has it',
    invariant: 'directory',
    protocol: atHome('ReadShared', 'Sh without', { next: 'Sh' }),
  },
  {
    name: 'owner not asked',
    what: 'a GPU agent reads from memory what a core has changed',
    invariant: 'data value',
    protocol: atHome('ReadOnce', 'Ex other', { snoop: undefined, waits: undefined, next: 'same' }),
  },
  {
    name: 'owner kept in the directory',
    what: 'the home has the owner share a line and still takes it for the only one',
    invariant: 'directory',
    protocol: atHome('ReadOnce', 'Ex other', { next: 'same' }),
  },
  {
    name: 'write past readers',
    what: 'a GPU agent writes a line and no reader of it is asked to give it up',
    invariant: 'data value',
    protocol: atHome('WriteUnique', 'Sh without', { snoop: undefined, waits: undefined, next: 'same' }),
  },
  {
    name: 'atomic past readers',
    what: 'the home does an operation and the copy of who asked for it stays',
    invariant: 'directory',
    protocol: atHome('Atomic', 'Sh with', {
      snoop: { whom: 'others', how: 'SnpUnique' },
    }),
  },
  {
    name: 'upgrade without data',
    what: 'the home tells a core that lost its copy to write to it',
    invariant: 'unreachable pair',
    protocol: atHome('CleanUnique', 'Sh without', { reply: 'Comp_UC' }),
  },
  {
    name: 'acquire that keeps',
    what: 'a GPU agent still reads old copies after an acquire',
    invariant: 'data value',
    protocol: inGpu({ V: { ...gpu.V, Acquire: { next: 'V' } } }),
  },
];

/** The same rules, each with one field less. */
function without<Table extends object>(rules: Table, field: 'acknowledges' | 'untilAck'): Table {
  const kept = Object.entries<object>(rules as Record<string, object>).map(([key, rule]) => [
    key,
    { ...rule, [field]: undefined },
  ]);
  return Object.fromEntries(kept) as Table;
}
