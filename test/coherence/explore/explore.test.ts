import { describe, expect, test } from 'vitest';
import { explore } from '../../../src/coherence/explore/explore.ts';
import { PLANTED } from '../../../src/coherence/explore/planted.ts';
import type { Size } from '../../../src/coherence/explore/world.ts';
import { PROTOCOL } from '../../../src/coherence/protocol/protocol.ts';

const SMALL: Size = { cpuCount: 2, gpuCount: 1, lineCount: 1, capacity: 1 };

describe('every state of the protocol that a small world can come to', () => {
  test('two cores and a GPU agent: nothing is violated, and every rule of the tables was used', () => {
    const { states, steps, unused, found } = explore(PROTOCOL, SMALL);
    expect({ unused, found }).toEqual({ unused: [], found: null });
    // Of the tables as they are: another number is another protocol, or states that are no longer told apart.
    expect({ states, steps }).toEqual({ states: 160_394, steps: 753_162 });
  });

  test('three cores', () => {
    const { states, found } = explore(PROTOCOL, { ...SMALL, cpuCount: 3, gpuCount: 0 });
    expect({ states, found }).toEqual({ states: 150_456, found: null });
  });

  test('a core with two lines, of which it has room for one', () => {
    const { states, found } = explore(PROTOCOL, { cpuCount: 1, gpuCount: 0, lineCount: 2, capacity: 1 });
    expect({ states, found }).toEqual({ states: 2508, found: null });
  });

  test('a core with three lines, of which it has room for one', () => {
    const { states, found } = explore(PROTOCOL, { cpuCount: 1, gpuCount: 0, lineCount: 3, capacity: 1 });
    expect({ states, found }).toEqual({ states: 77_440, found: null });
  });

  test('a core and a GPU agent, with atomic operations that count to four', () => {
    const size: Size = { cpuCount: 1, gpuCount: 1, lineCount: 1, capacity: 1, valueCount: 4 };
    const { states, found } = explore(PROTOCOL, size);
    expect({ states, found }).toEqual({ states: 32_312, found: null });
  });

  test('counts every state that differs in more than the names of cores', () => {
    const one = explore(PROTOCOL, { cpuCount: 1, gpuCount: 0, lineCount: 1, capacity: 1 });
    expect(one.states).toBe(68);
  });

  test('says how far it is', () => {
    const said: number[] = [];
    explore(PROTOCOL, SMALL, (states) => said.push(states));
    expect(said.length).toBeGreaterThan(1);
    expect(said).toEqual(said.toSorted((a, b) => a - b));
  });
});

describe('planted bugs', () => {
  test('there are enough of them, each with a name of its own', () => {
    expect(new Set(PLANTED.map(({ name }) => name)).size).toBe(PLANTED.length);
    expect(PLANTED.length).toBeGreaterThanOrEqual(10);
  });

  test.each(PLANTED)('$name is caught', ({ protocol, invariant }) => {
    const { found } = explore(protocol, SMALL);
    expect(found?.violation.invariant).toBe(invariant);
    expect(found?.story.length).toBeGreaterThan(1);
  });

  test('the story of a violation is one that can be read', () => {
    const bug = PLANTED.find(({ name }) => name === 'missing acknowledgement')!;
    expect(explore(bug.protocol, SMALL).found?.story).toEqual([
      'agent 0: Load of line 0',
      'ReadShared (agent 0, line 0, value 0) arrives',
      'agent 1: Load of line 0',
      'ReadShared (agent 1, line 0, value 0) arrives',
      'SnpShared (agent 0, line 0, value 0) arrives',
    ]);
  });
});
