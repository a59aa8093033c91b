import { describe, expect, test } from 'vitest';
import { PATTERNS } from '../../src/agent/patterns.ts';
import { selectAgentWorkloads } from '../../src/cli/agent-workloads.ts';
import { UsageError } from '../../src/errors.ts';

const MIB = 2 ** 20;

describe('workloads of agents', () => {
  test('are every number of agents with each footprint, role and path', () => {
    const found = selectAgentWorkloads(['chase'], {
      agents: '1,2',
      footprint: '32KiB,1MiB',
      role: 'cpu-core,sm-cluster',
    });
    expect(found).toHaveLength(2 * 2 * 2 * 2);
    expect(new Set(found.map((one) => JSON.stringify(one))).size).toBe(16);
    expect(found[0]).toEqual({
      name: 'agents/chase',
      params: { agents: 1, footprintBytes: 32768, role: 'cpu-core', path: 'direct' },
    });
  });

  test.each([
    ['1..16', [1, 2, 4, 8, 16]],
    ['1..12', [1, 2, 4, 8, 12]],
    ['3,1..4,4', [3, 1, 2, 4]],
  ])('%s agents are %j', (agents, counts) => {
    const found = selectAgentWorkloads(['chase'], { agents, path: 'direct' });
    expect(found.map(({ params }) => params.agents)).toEqual(counts);
  });

  test('footprints of a range double, to the last one', () => {
    const found = selectAgentWorkloads(['read'], { footprint: '32KiB..1GiB', path: 'direct' });
    const bytes = found.map(({ params }) => params.footprintBytes);
    expect([bytes.length, bytes[0], bytes.at(-1)]).toEqual([16, 32768, 1024 * MIB]);
  });

  test('no footprint at all is none that is usual', () => {
    expect(() => selectAgentWorkloads(['read'], { footprint: '' })).toThrow(/^--footprint/);
  });

  test('of all patterns are those that so many agents can do', () => {
    const names = new Set(selectAgentWorkloads([], { agents: '3' }).map(({ name }) => name));
    expect(names).toContain('agents/chase');
    expect(names).not.toContain('agents/ping-pong-cas');
    const all = new Set(selectAgentWorkloads([], { agents: '2' }).map(({ name }) => name));
    expect(all.size).toBe(PATTERNS.length);
  });

  test.each(['1..', '..4', '4..4', '1..2..4'])('%s agents are refused', (agents) => {
    expect(() => selectAgentWorkloads(['chase'], { agents })).toThrow(UsageError);
  });
});
