import { describe, expect, test } from 'vitest';
import { type Comparison, REASONS } from '../../src/report/comparisons.ts';
import { summarize } from '../../src/report/summary.ts';
import { verdictNotes } from '../../src/report/verdict-lines.ts';
import { arm, samplesDocument } from '../results/document.ts';

const summary = summarize(samplesDocument());

function comparison(changes: Partial<Comparison>): Comparison {
  return {
    kind: 'build',
    baseline: arm,
    candidate: arm,
    ratio: { estimate: 1, low: 0.995, high: 1.005 },
    pairedRounds: 80,
    forkCount: 8,
    margin: 0.01,
    confidence: 0.99,
    verdict: 'same',
    reason: null,
    ...changes,
  };
}

const notes = (...list: Partial<Comparison>[]) => verdictNotes(list.map(comparison), summary);

describe('notes on verdicts', () => {
  test('say margin and confidence, and nothing of what does not occur', () => {
    expect(notes({})).toEqual(['Within ±1% is the same; read at 99% confidence.']);
    expect(notes({ margin: 0.05 }, { confidence: 0.975, margin: 0.05 })).toEqual([
      'Within ±5% is the same; read at 97.5% to 99% confidence.',
    ]);
    expect(verdictNotes([], summary)).toEqual([]);
  });

  test('say how often the run may look, where it was planned to more than once', () => {
    const planned = { ...summary, settings: { ...summary.settings, looks: [4, 6, 9] } };
    expect(verdictNotes([comparison({})], planned)[0]).toMatch(/confidence, since a run may look 3 times\.$/);
  });

  test('say why one process has none', () => {
    const none = { verdict: null, confidence: null, forkCount: 1, reason: REASONS.oneProcess };
    expect(notes(none)).toEqual([expect.stringMatching(/^None: one process measured.*--budget.*--forks/)]);
    expect(notes(none, {})).toEqual([
      expect.stringMatching(/^Within/),
      expect.stringMatching(/^None for 1 of 2: one process measured/),
    ]);
  });

  test('say how many forks would decide', () => {
    const open = { verdict: 'inconclusive', ratio: { estimate: 1, low: 0.985, high: 1.0152 } } as const;
    expect(notes(open)[1]).toMatch(
      /^1 inconclusive: about (2\d|3\d) forks instead of 8 would decide; raise --budget and --forks\.$/,
    );
  });

  test('say it of those that it is about', () => {
    const open = { verdict: 'inconclusive', ratio: { estimate: 1, low: 0.985, high: 1.0152 } } as const;
    const onMargin = { ...open, ratio: { estimate: 1.01, low: 1.005, high: 1.015 }, forkCount: 18 };
    expect(notes(open, onMargin)[1]).toMatch(/^1 inconclusive: about \d+ forks instead of 8 would decide/);
  });

  test('say that few processes decide nothing', () => {
    const few = { verdict: 'inconclusive', forkCount: 3, reason: REASONS.fewProcesses } as const;
    expect(notes(few)).toEqual([
      expect.stringMatching(/^Within/),
      '1 inconclusive because fewer than 4 processes are too often alike by chance; raise --budget and --forks.',
    ]);
  });

  test('say where no number of forks would, or where chance is the reason', () => {
    const onMargin = { verdict: 'inconclusive', ratio: { estimate: 1.01, low: 1.005, high: 1.015 } } as const;
    expect(notes(onMargin)[1]).toMatch(/^1 inconclusive, and 1000 forks would not decide/);
    const held = { verdict: 'inconclusive', reason: REASONS.heldBack } as const;
    expect(notes(held, held)[1]).toMatch(/^2 inconclusive because chance alone/);
  });
});
