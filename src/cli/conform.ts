/** `barometer conform`: whether each implementation answers as the specification says. */

import { type ConformanceReport, runConformance } from '../conform/conform.ts';
import { readVectors } from '../conform/vectors.ts';
import { EXIT, UsageError } from '../errors.ts';
import { jsonText } from '../report/json-text.ts';
import { visibleText } from '../report/plain-text.ts';
import type { Implementation } from '../types.ts';

export interface ConformOptions {
  /** File of vectors to run instead of the built-in suite. */
  readonly vectors?: string;
  /** Names of implementations. */
  readonly impl: readonly string[];
  /** Means something of a served device only. */
  readonly allowWrites?: boolean;
  /** One JSON document instead of text. */
  readonly json?: boolean;
}

export interface ConformIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** Those that answer at all: `noop` answers nothing by design. */
const CANDIDATES: readonly Implementation[] = ['wasm', 'ts', 'native'];

/**
 * Runs the conformance suite, or the vectors of a file, and prints the outcome.
 * @returns the exit code: 5 where any answer was wrong
 * @throws UsageError for an unknown implementation or a malformed file
 */
export function conform(options: ConformOptions, io: ConformIo): number {
  if (options.allowWrites) throw new UsageError('--allow-writes: expected --device vfio-user:PATH beside it');
  const implementations = [...new Set(options.impl.map(implementationOf))];
  const vectors = options.vectors === undefined ? {} : { vectors: readVectors(options.vectors) };
  const report = runConformance({ implementations, ...vectors });
  io.stdout.write(options.json ? jsonText(report) : reportText(report));
  return report.failed > 0 ? EXIT.wrongAnswer : EXIT.ok;
}

function implementationOf(name: string): Implementation {
  const found = CANDIDATES.find((implementation) => implementation === name);
  if (found) return found;
  const why = name === 'noop' ? '; noop answers nothing, so there is nothing to check' : '';
  throw new UsageError(`--impl ${JSON.stringify(name)}: expected ${CANDIDATES.join(', ')}${why}`);
}

export function reportText(report: ConformanceReport): string {
  return [...tallyLines(report), ...failureLines(report), ...skipLines(report)]
    .map((line) => `${line}\n`)
    .join('');
}

function tallyLines({ implementations }: ConformanceReport): string[] {
  const rows = Object.entries(implementations).map(([name, { passed, failed, skipped }]) => {
    return [name, `${passed} passed`, `${failed} failed`, `${skipped} skipped`];
  });
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map(([name, ...counts]) => {
    const cells = counts.map((cell, column) => cell.padStart(widths[column + 1]!));
    return [name!.padEnd(widths[0]!), ...cells].join('  ');
  });
}

function failureLines({ failures }: ConformanceReport): string[] {
  return failures.flatMap(({ id, implementation, expected, actual }) => [
    '',
    `FAILED ${visibleText(id)} on ${implementation}`,
    `  expected ${visibleText(expected)}`,
    `  actual   ${visibleText(actual)}`,
  ]);
}

/** Skipped vectors by reason: a vector that several implementations skip is one. */
function skipLines({ skips }: ConformanceReport): string[] {
  const idsByReason = new Map<string, Set<string>>();
  for (const { id, reason } of skips) {
    const ids = idsByReason.get(reason) ?? new Set();
    idsByReason.set(reason, ids.add(id));
  }
  if (idsByReason.size === 0) return [];
  const byCount = [...idsByReason].sort(([, a], [, b]) => b.size - a.size);
  return [
    '',
    'skipped:',
    ...byCount.map(([reason, ids]) => `  ${String(ids.size).padStart(4)}  ${visibleText(reason)}`),
  ];
}
