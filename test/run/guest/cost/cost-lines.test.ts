import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compile, findCompiler } from '../../../../src/device/native/compiler.ts';
import {
  answerText,
  COPY_BYTES,
  digest,
  parseCostLines,
  patternHalves,
  rightAnswers,
} from '../../../../src/run/guest/cost/cost-lines.ts';

const FOLDER = fileURLToPath(new URL('../../../../src/run/guest/cost/', import.meta.url));

describe('lines', () => {
  test('are found among others', () => {
    const text =
      '[ 1.0] pci\r\ncost config-read 12 3400 234210de\r\nGUEST end\ncost bulk-copy 1 5 00000001\n';
    expect(parseCostLines(text)).toEqual([
      { work: 'config-read', operations: 12, durationNs: 3400, answer: '234210de' },
      { work: 'bulk-copy', operations: 1, durationNs: 5, answer: '00000001' },
    ]);
  });

  test.each([
    '',
    'cost',
    'cost memory-read 1 2',
    'cost memory-read 0 2 00000000',
    'cost memory-read 1 0 00000000',
    'cost memory-read -1 2 00000000',
    'cost memory-read 1e3 2 00000000',
    'cost memory-read 1 2 0000000',
    'cost memory-read 1 2 0000000g',
    'cost other 1 2 00000000',
    'cost memory-read 99999999999999999999 2 00000000',
  ])('%j is none', (line) => {
    expect(parseCostLines(line)).toEqual([]);
  });
});

test('C and TypeScript mean the same by the pattern and by a digest', ({ skip }) => {
  const compiler = findCompiler(process.env);
  if ('reason' in compiler) return skip(compiler.reason);
  const folder = mkdtempSync(join(tmpdir(), 'barometer-passes-'));
  try {
    const source = join(folder, 'main.c');
    writeFileSync(
      source,
      `#include "passes.h"
      static uint64_t words[COPY_WORDS];
      static void nothing(long count) { (void)count; }
      static uint32_t answer(void) { return digest(words, COPY_WORDS); }
      int main(void) {
        if (0) measure("", nothing, answer);
        for (int i = 0; i < COPY_WORDS; i++) words[i] = pattern(i);
        printf("%08x %08x", (uint32_t)words[0], answer());
        return 0;
      }`,
    );
    const program = join(folder, 'main');
    expect(compile(compiler, ['-D_GNU_SOURCE', '-I', FOLDER, '-o', program, source], process.env)).toBeNull();
    const { 'memory-read': first, 'bulk-copy': copied } = rightAnswers(0);
    expect(spawnSync(program, { encoding: 'utf8' }).stdout).toBe(`${first} ${copied}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a digest tells any changed half', () => {
  const halves = patternHalves();
  expect(halves.length).toBe(COPY_BYTES / 4);
  const right = digest(halves);
  for (const i of [0, 1, 1000, halves.length - 1]) {
    const changed = halves.slice();
    changed[i]! ^= 1;
    expect(digest(changed)).not.toBe(right);
  }
  expect(answerText(-1)).toBe('ffffffff');
});
