/** `barometer agents` with a bug in it: what the run says, and that nothing of it is left. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { finish, startEntry } from './barometer.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SHORT = ['--agents', '2', '--path', 'direct', '--impl', 'ts', '--forks', '1', '--budget', '2s'];

const folder = mkdtempSync(join(tmpdir(), 'barometer-planted-'));
const dist = join(folder, 'dist');
beforeEach(() => {
  cpSync(join(ROOT, 'dist'), dist, { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
});
symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
afterAll(() => rmSync(folder, { recursive: true }));

function plant(path: string, from: string, to: string): void {
  const text = readFileSync(join(dist, path), 'utf8');
  expect(text.split(from)).toHaveLength(2);
  writeFileSync(join(dist, path), text.replace(from, to));
}

/** Settled when nothing holds the output open any more: no process is left. */
function run(pattern: string) {
  const entry = join(dist, 'src/cli/barometer.cjs');
  const out = join(folder, 'a.json');
  return finish(startEntry(entry, ['agents', pattern, ...SHORT, '--out', out]));
}

test('without one the copy measures', async () => {
  expect(await run('contended-add')).toMatchObject({ exitCode: 0, stderr: '' });
});

test.skipIf(availableParallelism() < 2)('a lost increment is a wrong answer, and ends the run', async () => {
  const counted = 'Atomics.add(words, block.toWrite(at, 4) >>> 2, 1)';
  plant('src/device/ts/agent-words.js', counted, 'words[block.toWrite(at, 4) >>> 2]++');
  const { exitCode, stderr } = await run('contended-add');
  expect(stderr).toMatch(
    /agents\/contended-add .*wrong answer: ts: increments in the word: expected \d+, found \d+/,
  );
  expect(exitCode).toBe(5);
});

describe('a thread that ends in the middle of its window', () => {
  test.each(['ping-pong-cas', 'chase', 'ring', 'one-to-all-read', 'loaded-latency'])(
    'of %s ends the run, and says so',
    async (pattern) => {
      const chunk = 'agent.run(blockAddress, chunkOperations);';
      const window = join(dist, 'src/agent/window.js');
      const text = readFileSync(window, 'utf8');
      expect(text.split(chunk)).toHaveLength(3);
      const ends = `(() => { if ((globalThis.chunks = (globalThis.chunks ?? 0) + 1) === 20) process.exit(1); })();`;
      writeFileSync(window, text.replaceAll(chunk, `${chunk} ${ends}`));
      const { exitCode, stderr } = await run(pattern);
      expect(stderr).toMatch(/an agent ended in the middle of its window/);
      expect(exitCode).not.toBe(0);
    },
  );
});
