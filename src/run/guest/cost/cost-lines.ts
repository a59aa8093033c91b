/** What the programs of this folder print: `cost WORK OPERATIONS NANOSECONDS ANSWER`, a line for each pass (passes.h). */

/** The same work on each path. A bulk copy is of 64 KiB, 8 bytes at a time. */
export const COST_WORKS = ['config-read', 'memory-read', 'memory-write', 'bulk-copy'] as const;
export type CostWork = (typeof COST_WORKS)[number];

export const PASSES = 7;
export const PASS_NS = 60e6;
export const COPY_BYTES = 65_536;
/** Behind what is copied. */
export const WRITE_AT = COPY_BYTES;

export interface CostPass {
  readonly work: CostWork;
  readonly operations: number;
  readonly durationNs: number;
  /** 8 hex digits: what was read, the bits that a write lost, or a digest of what was copied. */
  readonly answer: string;
}

const LINE =
  /\bcost (config-read|memory-read|memory-write|bulk-copy) (\d{1,15}) (\d{1,15}) ([0-9a-f]{8})\s*$/;

/** Other lines say other things. */
export function parseCostLines(text: string): CostPass[] {
  return text.split('\n').flatMap((line) => {
    const [, work, operations, durationNs, answer] = LINE.exec(line) ?? [];
    if (answer === undefined || Number(operations) === 0 || Number(durationNs) === 0) return [];
    return [
      { work: work as CostWork, operations: Number(operations), durationNs: Number(durationNs), answer },
    ];
  });
}

/** What memory is filled with before it is copied, as 32-bit halves, the lower one first: `pattern` of passes.h. */
export function patternHalves(): Uint32Array {
  const halves = new Uint32Array(COPY_BYTES / 4);
  for (let word = 0; word < COPY_BYTES / 8; word++) {
    const value = BigInt.asUintN(64, BigInt(word + 1) * 0x9e3779b97f4a7c15n);
    halves[2 * word] = Number(value & 0xffffffffn);
    halves[2 * word + 1] = Number(value >> 32n);
  }
  return halves;
}

/** FNV-1a over 32-bit halves: `digest` of passes.h. */
export function digest(halves: Uint32Array): number {
  let hash = 0x811c9dc5;
  for (const half of halves) hash = Math.imul(hash ^ half, 0x01000193) >>> 0;
  return hash;
}

export function answerText(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

/** What a device answers that reads as ones, whatever was written. @param idDword the first of configuration space */
export function answersOfOnes(idDword: number): Readonly<Record<CostWork, string>> {
  const ones = answerText(0xffffffff);
  const copied = answerText(digest(new Uint32Array(COPY_BYTES / 4).fill(0xffffffff)));
  return {
    'config-read': answerText(idDword),
    'memory-read': ones,
    'memory-write': ones,
    'bulk-copy': copied,
  };
}

/** What memory answers that keeps what is written to it. @param idDword the first of configuration space */
export function rightAnswers(idDword: number): Readonly<Record<CostWork, string>> {
  const halves = patternHalves();
  return {
    'config-read': answerText(idDword),
    'memory-read': answerText(halves[0]!),
    'memory-write': answerText(0),
    'bulk-copy': answerText(digest(halves)),
  };
}
