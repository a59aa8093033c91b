import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LogLine, logLines } from '../../src/replay/log-lines.ts';

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]) {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

async function linesOf(bytes: Uint8Array, sizes: readonly number[] = []): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const some of logLines(chunksOf(bytes, sizes))) lines.push(...some);
  return lines;
}

test('lines are the same, however the bytes come', async () => {
  const text = fc.array(fc.stringMatching(/^[a-z ]{0,9}$/), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(12)), fc.constantFrom('\n', '\r\n'), async (texts, sizes, end) => {
      const bytes = Buffer.from(texts.map((line) => line + end).join(''));
      const lines = await linesOf(bytes, sizes);
      expect(lines.map(({ text: line }) => line)).toEqual(texts);
      expect(lines.map(({ number }) => number)).toEqual(texts.map((_, i) => i + 1));
      expect(lines.at(-1)?.endBytes ?? 0).toBe(bytes.length);
    }),
  );
});

test('the last line needs no end', async () => {
  expect((await linesOf(Buffer.from('a\nb'))).map(({ text }) => text)).toEqual(['a', 'b']);
});

test('a line without end takes no more memory than a long one', async () => {
  const mib = Buffer.alloc(2 ** 20, 'x');
  async function* endless() {
    for (let i = 0; i < 40; i++) yield mib;
    yield Buffer.from('\nnext\n');
  }
  const lines: LogLine[] = [];
  for await (const some of logLines(endless())) lines.push(...some);
  expect(lines.map(({ text }) => text.length > 2 ** 21)).toEqual([true, false]);
  expect(lines[0]!.text.length).toBeLessThan(2.1 * 2 ** 20);
  expect(lines[1]).toEqual({ number: 2, text: 'next', endBytes: 40 * 2 ** 20 + 6 });
});
