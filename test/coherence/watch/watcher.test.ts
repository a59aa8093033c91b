import { describe, expect, test } from 'vitest';
import * as layout from '../../../assembly/coherence/layout.ts';
import { planOf, SETTINGS, streams, watching } from '../../../src/coherence/check/watched-traffic.ts';
import { INVARIANTS, type Invariant, Violation } from '../../../src/coherence/explore/violation.ts';
import { PROTOCOL } from '../../../src/coherence/protocol/protocol.ts';
import { type AccessStream, Simulation } from '../../../src/coherence/simulate/simulation.ts';
import { tsCore } from '../../../src/coherence/simulate/ts-core.ts';
import { SimulationView } from '../../../src/coherence/simulate/view.ts';
import { wasmCore } from '../../../src/coherence/simulate/wasm-core.ts';
import { Watcher } from '../../../src/coherence/watch/watcher.ts';
import { accesses, GPU_MEMORY, type Setting, simulate, VALUES } from '../simulate/streams.ts';

const { ACCESS_LOAD: LOAD, ACCESS_STORE: STORE } = layout;
const LINE = GPU_MEMORY + 5;
/** Long after everything that came before has ended. */
const LATER = 2 ** 23 * 2 ** layout.ACCESS_GAP_SHIFT;
const LATEST = (2 ** 24 - 1) * 2 ** layout.ACCESS_GAP_SHIFT;

/** One access after the other. */
function script(...whats: number[]): AccessStream {
  let next = 0;
  const one = (i: number): AccessStream => accesses(1, () => LINE, whats[i]!);
  return { fill: (pairs) => (next < whats.length ? one(next++).fill(pairs) : 0) };
}

function watched(setting: Setting, of: readonly AccessStream[], core = tsCore()) {
  const plan = { values: VALUES, protocol: PROTOCOL, chunk: 64, contents: 'empty', ...setting } as const;
  const watcher = new Watcher(core, plan);
  return { watcher, simulation: new Simulation(watcher, plan, of) };
}

describe('traffic that is as it should be', () => {
  test.each(SETTINGS)(
    '$name: looks at every invariant, the same on both cores, and finds nothing',
    (setting) => {
      const runs = [wasmCore(), tsCore()].map((core) => {
        const running = watching(planOf(VALUES, setting, PROTOCOL), streams(100), core);
        for (;;) {
          const { done, value } = running.next();
          if (done) return value;
        }
      });
      const [{ watched: one, result, violation }, other] = [runs[0]!, runs[1]!];
      expect(violation).toBeNull();
      expect(result?.accesses).toBe(600);
      for (const invariant of INVARIANTS) expect(one.shadow.checks[invariant]).toBeGreaterThan(100);
      expect(other.watched.shadow.checks).toEqual(one.shadow.checks);
      expect(other.result).toEqual(result);
    },
  );

  test.each([0, 1])('turns of compare-and-swap, cpu-atomics-far %i', (far) => {
    const turns = (what: number, count: number) => accesses(count, () => 5, what | layout.ACCESS_DEPENDS);
    const players = () => [
      turns(layout.ACCESS_SWAP_EVEN, 20),
      turns(layout.ACCESS_SWAP_EVEN, 20),
      turns(layout.ACCESS_SWAP_ODD, 40),
    ];
    const setting = { cores: 3, gpuAgents: 0, values: { ...VALUES, 'cpu-atomics-far': far } };
    const { simulation } = watched(setting, players());
    while (simulation.advance());
    expect(simulation.result()).toEqual(simulate(setting, players()));
  });

  test('a directory that grows', () => {
    const stream = () => [accesses(2100, (i) => 5000 * i, layout.ACCESS_STORE)];
    const setting = { cores: 1, gpuAgents: 0, chunk: 64 };
    const { watcher, simulation } = watched(setting, stream());
    while (simulation.advance());
    expect(watcher.watched.shadow.lines.size).toBe(2100);
    expect(simulation.result()).toEqual(simulate(setting, stream()));
  });
});

describe('a GPU agent that read a line before a core wrote it', () => {
  const running = () =>
    watched({ cores: 3, gpuAgents: 1 }, [
      script(),
      script(STORE + LATER),
      script(),
      script(LOAD, LOAD + LATEST),
    ]);

  test('may read the old version again', () => {
    const { watcher, simulation } = running();
    while (simulation.advance());
    const { newest, versions } = watcher.watched.shadow.lineOf(LINE);
    expect([newest, versions[3], simulation.result().agents[3]!.hitsFirst]).toEqual([1, 0, 1]);
  });

  test('may not after an acquire', () => {
    const { watcher, simulation } = running();
    const { shadow } = watcher.watched;
    while (shadow.lineOf(LINE).newest === 0) simulation.advance(1);
    // As an acquire that keeps what was read.
    shadow.lineOf(LINE).since[3] = 1;
    const finish = () => {
      while (simulation.advance());
    };
    expect(finish).toThrow(
      new Violation(
        'data value',
        'GPU agent 0 reads version 0 of line 2147483653, and version 1 was there at its last acquire, or read by it',
      ),
    );
  });
});

/** The memory of a simulation, to be changed behind its back. */
class Memory {
  readonly bytes: DataView;
  readonly view: SimulationView;

  constructor({ bytes }: Simulation) {
    this.bytes = bytes;
    this.view = new SimulationView(bytes);
  }

  setWord(at: number, value: number): void {
    this.bytes.setUint32(at, value, true);
  }

  addFloat(at: number, more: number): void {
    this.bytes.setFloat64(at, this.view.float(at) + more, true);
  }

  /** Address of the record of LINE. */
  get record(): number {
    const from = this.view.word(layout.DIRECTORY_AT);
    for (let at = from; ; at += layout.RECORD_BYTES) {
      if (this.view.word(at + layout.RECORD_LINE) === LINE + 1) return at;
    }
  }

  setState(core: number, state: number): void {
    const at = this.view.agentAt(core);
    const tags = this.view.word(at + layout.AGENT_TAGS_2_AT);
    let way = 0;
    while (this.view.word(tags + 4 * way) !== LINE + 1) way++;
    this.bytes.setUint8(this.view.word(at + layout.AGENT_STATES_AT) + way, state);
  }

  /** Puts LINE into the first-level cache of a GPU agent. */
  setGpuTag(agent: number): void {
    const sets = this.view.word(GPU_SIDE + layout.SIDE_SETS_1);
    const way = this.view.word(GPU_SIDE + layout.SIDE_WAYS_1) * (LINE % sets);
    this.setWord(this.view.word(this.view.agentAt(agent) + layout.AGENT_TAGS_1_AT) + 4 * way, LINE + 1);
  }
}

const { MESSAGES, QUEUE_LENGTH } = layout;
const CPU_SIDE = layout.SIDES;
const GPU_SIDE = layout.SIDES + layout.SIDE_BYTES;
const isQuiet = ({ view }: Memory) =>
  view.word(MESSAGES + QUEUE_LENGTH) === 0 && view.recordOf(LINE) !== null;
const isBusy = ({ view }: Memory) => view.word(MESSAGES + QUEUE_LENGTH) > 0;

interface Corruption {
  readonly what: string;
  /** Of three cores and a GPU agent. */
  readonly does: readonly (readonly number[])[];
  readonly when: (memory: Memory) => boolean;
  readonly change: (memory: Memory) => void;
  readonly caught: Invariant;
  readonly saying: string;
}

const READ_BY_TWO = [[LOAD], [LOAD], [LOAD + LATER], []];
const READ_LATER = [[STORE], [], [LOAD + LATER], []];
const CORRUPTIONS: readonly Corruption[] = [
  {
    what: 'a holder forgotten',
    does: READ_BY_TWO,
    when: isQuiet,
    change: (memory) => memory.setWord(memory.record + layout.RECORD_HOLDERS, 0b10),
    caught: 'directory',
    saying: 'core 0 has line 2147483653 in S and is not known to have it',
  },
  {
    what: 'a holder too many',
    does: [[LOAD], [LOAD], [], [LOAD + LATER]],
    when: isQuiet,
    change: (memory) => memory.setWord(memory.record + layout.RECORD_HOLDERS, 0b111),
    caught: 'directory',
    saying: 'core 2 has line 2147483653 in I and is known to have it',
  },
  {
    what: 'a shared copy that may be changed',
    does: READ_BY_TWO,
    when: isQuiet,
    change: (memory) => memory.setState(1, layout.STATE_M),
    caught: 'single writer',
    saying: 'line 2147483653 can be changed in 1 caches and read in 1 others',
  },
  {
    what: 'a change forgotten',
    does: READ_LATER,
    when: isQuiet,
    change: (memory) => memory.setState(0, layout.STATE_M - 1),
    caught: 'up-to-date place',
    saying: 'nobody has the newest version 1',
  },
  {
    what: 'a copy out of nothing',
    does: READ_LATER,
    when: isQuiet,
    change: (memory) => memory.setGpuTag(3),
    caught: 'data value',
    saying: 'GPU agent 0 has a copy of line 2147483653 that nobody gave it',
  },
  {
    what: 'a hit out of nothing',
    does: [[], [STORE], [], [LOAD + LATER]],
    when: isQuiet,
    change: (memory) => memory.setGpuTag(3),
    caught: 'conservation',
    saying: 'GPU agent 0 asked 0 times for 1 accesses that need it',
  },
  {
    what: 'an event dropped',
    does: READ_BY_TWO,
    when: isBusy,
    change: (memory) =>
      memory.setWord(MESSAGES + QUEUE_LENGTH, memory.view.word(MESSAGES + QUEUE_LENGTH) - 1),
    caught: 'conservation',
    saying: 'events were to happen',
  },
  {
    what: 'an event put off',
    does: READ_BY_TWO,
    when: isBusy,
    change: (memory) => memory.addFloat(memory.view.word(MESSAGES + layout.QUEUE_TIMES_AT), 1),
    caught: 'conservation',
    saying: 'and was sent for slot',
  },
  {
    what: 'a part too long',
    does: READ_BY_TWO,
    when: isBusy,
    change: (memory) => memory.addFloat(layout.PARTS + 8 * layout.PART_SNOOPS, 1),
    caught: 'conservation',
    saying: 'parts of latencies are',
  },
  {
    what: 'bytes too many on the link',
    does: READ_BY_TWO,
    when: isQuiet,
    change: (memory) => memory.addFloat(CPU_SIDE + layout.SIDE_LINK_BYTES, 64),
    caught: 'conservation',
    saying: 'bytes are said to have left side 0',
  },
  {
    what: 'a link faster than its rate',
    does: READ_BY_TWO,
    when: isQuiet,
    change: (memory) => memory.addFloat(CPU_SIDE + layout.SIDE_LINK_FREE, -1e9),
    caught: 'conservation',
    saying: 'faster than the link',
  },
  {
    what: 'a slot lost',
    does: READ_BY_TWO,
    when: isQuiet,
    change: (memory) => memory.setWord(layout.FREE_COUNT, memory.view.word(layout.FREE_COUNT) - 1),
    caught: 'conservation',
    saying: 'slots are free',
  },
  {
    what: 'a line that stays closed',
    does: [[STORE, LOAD + LATER], [], [], []],
    when: isQuiet,
    change: (memory) => memory.bytes.setFloat64(memory.record + layout.RECORD_OPENS, -1, true),
    caught: 'progress',
    saying: 'line 2147483653 is closed for ever',
  },
  {
    what: 'a transaction that takes for ever',
    does: [[STORE, ...Array.from({ length: 150 }, () => LOAD + LATER)], [STORE + LATER], [], []],
    when: isQuiet,
    change: (memory) => memory.bytes.setFloat64(memory.record + layout.RECORD_OPENS, -1, true),
    caught: 'progress',
    saying: 'is on its way for more than',
  },
  {
    what: 'an atomic of nobody',
    does: [[LOAD], [], [STORE + LATER], []],
    when: isQuiet,
    change: (memory) => memory.setState(0, layout.STATE_S_A),
    caught: 'directory',
    saying: 'core 0 has line 2147483653 in S_A and is known to have it',
  },
];

describe('memory that is changed between two events', () => {
  test.each(CORRUPTIONS)('$what: $caught', ({ does, when, change, caught, saying }) => {
    const { watcher, simulation } = watched(
      { cores: 3, gpuAgents: 1 },
      does.map((whats) => script(...whats)),
    );
    while (!when(new Memory(simulation))) expect(simulation.advance(1)).toBe(true);
    change(new Memory(simulation));
    const finish = () => {
      while (simulation.advance());
    };
    expect(finish).toThrow(
      expect.objectContaining({ invariant: caught, message: expect.stringContaining(saying) }),
    );
    expect(watcher.watched.story.length).toBeGreaterThan(0);
    // Without the change there is nothing to be found.
    const { simulation: untouched } = watched(
      { cores: 3, gpuAgents: 1 },
      does.map((whats) => script(...whats)),
    );
    while (untouched.advance());
  });
});

test('a pair that the tables do not have: by its name, with what happened to the line', () => {
  const { SnpUnique: _, ...S } = PROTOCOL.cpu.S;
  const protocol = { ...PROTOCOL, cpu: { ...PROTOCOL.cpu, S } };
  const { watcher, simulation } = watched({ cores: 3, gpuAgents: 0, protocol }, [
    script(LOAD),
    script(LOAD),
    script(STORE + LATER),
  ]);
  expect(() => simulation.advance()).toThrow(new Violation('unreachable pair', 'core: SnpUnique in S'));
  expect(watcher.watched.story.map((line) => line.replace(/^\d+ ps {2}/, ''))).toEqual([
    'core 0: Load asks ReadShared',
    'core 1: Load asks ReadShared',
    'home: ReadShared of core 0 comes',
    'home: ReadShared of core 1 comes',
    'core 0: CompData_UC comes',
    'home: CompAck of core 0 comes',
    'home: the line is open again',
    'core 0: SnpShared comes',
    'home: answer of core 0 comes, with data',
    'core 1: CompData_SC comes',
    'home: CompAck of core 1 comes',
    'core 2: Store asks ReadUnique',
    'home: ReadUnique of core 2 comes',
    'core 0: SnpUnique comes',
  ]);
});
