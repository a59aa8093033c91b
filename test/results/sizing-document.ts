/** A document of `size --json`, with what a test changes. */
import { type Conclusion, SIZING_SCHEMA, type SizingDocument } from '../../src/results/sizing.ts';

const bar = { kind: 'mem64', prefetchable: true } as const;
const presented = [
  { ...bar, barIdx: 0, sizeBytes: '16777216', behind: 'physical' },
  { ...bar, barIdx: 2, sizeBytes: '137438953472', behind: 'gpu-memory' },
];

export function conclusion(changes: Partial<Conclusion> = {}): Conclusion {
  return {
    sizer: 'linux',
    applies: true,
    bars: presented.map(({ behind: _, ...rest }) => rest),
    unsized: [],
    failure: null,
    accesses: 28,
    wrong: [],
    ...changes,
  };
}

/** `qemu` misses BAR 2 under `passthrough`, and no one else is wrong. */
export function sizingDocument(changes: Partial<SizingDocument> = {}): SizingDocument {
  const missed = conclusion({
    sizer: 'qemu',
    bars: [{ ...bar, barIdx: 0, sizeBytes: '16777216' }],
    wrong: [{ barIdx: 2, what: 'gone', consequence: 'the guest never maps it' }],
    accesses: 23,
  });
  return {
    schema: SIZING_SCHEMA,
    device: 'gh200',
    policies: [
      { policy: 'passthrough', expected: presented, sizers: [conclusion(), missed] },
      { policy: 'nvgrace', expected: presented, sizers: [conclusion(), conclusion({ sizer: 'qemu' })] },
    ],
    ...changes,
  };
}
