/** `barometer agents litmus`, as a user starts it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { LITMUS_TESTS } from '../../src/agent/litmus/tests.ts';
import type { LitmusReport } from '../../src/cli/litmus.ts';
import { barometer, finish, start } from './barometer.ts';

/** Until it has threads of agents, which it starts when it can be interrupted. */
async function untilItRuns(pid: number): Promise<void> {
  const folder = `/proc/${pid}/task`;
  for await (const _ of setInterval(5)) {
    if (readdirSync(folder).some((thread) => nameOf(join(folder, thread)) === 'WorkerThread')) return;
  }
}

/** Of a thread, which may be gone by now. */
function nameOf(thread: string): string | null {
  try {
    return readFileSync(join(thread, 'comm'), 'utf8').trim();
  } catch {
    return null;
  }
}

const litmus = (...args: string[]) => barometer(['agents', 'litmus', ...args]);

describe('agents litmus', () => {
  test('says of each test how often the outcome was seen, on either implementation, and what models say of it', async () => {
    const { exitCode, stdout, stderr } = await litmus('--trials', '50000', '--json');
    expect([exitCode, stderr]).toEqual([0, '']);
    const { schema, rows } = JSON.parse(stdout) as LitmusReport;
    expect(schema).toBe('barometer/litmus/1');
    expect(rows.map(({ test: name, implementation }) => `${name} ${implementation}`)).toEqual(
      LITMUS_TESTS.flatMap(({ name }) => [`${name} wasm`, `${name} ts`]),
    );
    for (const { trials, weak, outcomes, model, verdict, control, evidence } of rows) {
      expect(trials).toBeGreaterThanOrEqual(50_000);
      expect(evidence).toBe('measured');
      expect(outcomes.reduce((sum, { count }) => sum + count, 0)).toBe(trials);
      if (model === 'forbidden') expect(weak).toBe(0);
      // Without the control nothing is said to be absent.
      if (control.weak === 0 && weak === 0) expect(verdict).toBe('not shown');
    }
  });

  test('the table has a line for each variant, below the program', async () => {
    const { exitCode, stdout } = await litmus('mp', 'rmw plain', '--trials', '1000', '--impl', 'ts');
    expect(exitCode).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^ +model +ts$/);
    expect(lines[1]).toBe('mp   x=1; y=1 | r0=y; r1=x   looked for: r0=1 r1=0');
    expect(lines.slice(2, 5).map((line) => line.slice(0, 36).trimEnd())).toEqual([
      '  atomics                  forbidden',
      '  plain                    allowed',
      '  plain data, atomic flag  forbidden',
    ]);
    expect(stdout).toMatch(/^control, 2 agents \(.+\): sb plain fired in ts [\d,]+ of 2,048$/m);
  });

  test('--list has every program', async () => {
    const { exitCode, stdout } = await litmus('--list');
    expect(exitCode).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(LITMUS_TESTS.length);
  });

  test('Ctrl-C ends it with what was seen, and leaves no process', async () => {
    const child = start(['agents', 'litmus', 'sb atomics', '--trials', '1000000000', '--json']);
    const finished = finish(child);
    await untilItRuns(child.pid!);
    child.kill('SIGINT');
    const { exitCode, stdout } = await finished;
    expect(exitCode).toBe(130);
    expect((JSON.parse(stdout) as LitmusReport).schema).toBe('barometer/litmus/1');
  });

  test.each([
    [['nosuch'], /no litmus test "nosuch"/],
    [['--trials', '0'], /--trials "0": expected a whole number, 1 to/],
    [['--impl', 'native'], /--impl "native": expected wasm, ts/],
    [['--footprint', '1MiB'], /unknown option '--footprint'/],
  ])('%j is refused', async (args, message) => {
    const { exitCode, stdout, stderr } = await litmus(...args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
