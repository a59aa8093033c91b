import type { HistoryEntry } from '../../src/results/history.ts';
import { arm } from './document.ts';

export function historyEntry(changes: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    schema: 'barometer/history/1',
    run: 'r1',
    createdAt: '2026-11-22T15:30:12.000Z',
    ...arm,
    commit: null,
    evidence: 'measured',
    tier: 'turbofan',
    nsPerOp: { estimate: 2, low: 1.9, high: 2.1 },
    forkCount: 8,
    roundCount: 160,
    conditions: { cpuModel: 'Example CPU', policy: 'strict' },
    ...changes,
  };
}
