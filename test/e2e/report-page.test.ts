/** From a run to its report in a browser, by nothing but what the run says at its end. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Summary, summarize } from '../../src/report/summary.ts';
import { workloadLines } from '../../src/report/workload-lines.ts';
import { loadSamples } from '../../src/results/store.ts';
import { BROWSER_NOTE, NO_BROWSER, Pages } from '../report/html/chromium.ts';
import { barometer, ENTRY, finish, type Outcome, temporaryFolder } from './barometer.ts';

const RUN_MS = 120_000;
const OPEN_MS = 20_000;
const ARGS = 'run config-read/batch config-read/call --impl wasm,ts,noop --budget 300ms --forks 1'.split(' ');

/** A program in a folder that comes first in PATH. */
function putProgram(folder: string, name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

describe('a run', () => {
  const folder = temporaryFolder();
  let run: Outcome;
  beforeAll(async () => {
    run = await barometer(ARGS, { cwd: folder.path });
    return () => folder[Symbol.dispose]();
  }, RUN_MS);

  /** What a shell makes of the command that the run ends with: the page that the platform was told to open. */
  async function openedPage(command: string): Promise<string> {
    const note = join(folder.path, 'opened');
    putProgram(folder.path, 'npx', `shift; exec '${process.execPath}' '${ENTRY}' "$@"`);
    // Each platform has its own.
    for (const opener of ['xdg-open', 'open']) {
      putProgram(folder.path, opener, `printf %s "$1" > '${note}.new' && mv '${note}.new' '${note}'`);
    }
    const env = { PATH: `${folder.path}:${process.env.PATH}`, DISPLAY: ':0' };
    const shell = await finish(spawn('sh', ['-c', command], { cwd: folder.path, env }));
    expect([shell.exitCode, shell.stdout]).toEqual([0, '']);
    expect(shell.stderr).toMatch(/^barometer: opening file:\/\/\/.*\.html\n$/);
    // It goes on by itself after the command has ended, whenever a busy machine lets it.
    await expect.poll(() => existsSync(note), { timeout: OPEN_MS }).toBe(true);
    return readFileSync(note, 'utf8');
  }

  test(
    `ends with its samples and the command that opens their report ${BROWSER_NOTE}`,
    async ({ skip }) => {
      expect(run).toMatchObject({ exitCode: 0, stderr: '' });
      const [, path, command] = /\n\nsaved {5}(\S+)\nreport {4}(.+)\n$/.exec(run.stdout)!;
      const page = await openedPage(command!);
      if (NO_BROWSER) skip('the page was written; there is no browser to read it');
      await expectPageOf(page, summarize(loadSamples(join(folder.path, path!))));
    },
    RUN_MS,
  );
});

/** That a browser shows each figure of the run, to the last digit, and has nothing to complain about. */
async function expectPageOf(path: string, summary: Summary): Promise<void> {
  const pages = await Pages.launch();
  try {
    const { page, complaints } = await pages.openFile(path);
    const rows = page.getByRole('table', { name: 'Workloads' }).locator('tbody tr');
    const shown = await rows.evaluateAll((list) =>
      list.map((row) => [
        row.querySelector('th')!.textContent,
        ...[...row.querySelectorAll('data')].map(({ value }) => Number(value)),
      ]),
    );
    const expected = workloadLines(summary).map(({ heading, label, byImplementation, comparison }) => [
      [heading, label].filter(Boolean).join(' '),
      ...[
        byImplementation.get('wasm')?.nsPerOp,
        byImplementation.get('ts')?.nsPerOp,
        comparison?.ratio,
        byImplementation.get('noop')?.nsPerOp,
      ].flatMap((one) => (one ? [one.estimate, one.low, one.high] : [])),
    ]);
    expect(expected.length).toBeGreaterThan(5);
    // Joined results have an order of their own.
    expect(shown.toSorted()).toEqual(expected.toSorted());
    expect(complaints).toEqual([]);
  } finally {
    await pages.close();
  }
}
