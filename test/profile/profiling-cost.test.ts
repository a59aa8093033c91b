import { expect, test } from 'vitest';
import { cpuClock } from '../../src/profile/profiling-cost.ts';

const usage = (user: number) => () => ({ user, system: 0 });

test('processor time is that of the thread, and of the process where Node knows of none', () => {
  expect(cpuClock({ threadCpuUsage: usage(1), cpuUsage: usage(2) })().user).toBe(1);
  expect(cpuClock({ cpuUsage: usage(2) })().user).toBe(2);
  expect(cpuClock()().user).toBeGreaterThan(0);
});
