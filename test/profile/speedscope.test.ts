import { describe, expect, test } from 'vitest';
import { type SpeedscopeFile, toSpeedscope } from '../../src/profile/speedscope.ts';
import { STACKS } from './made-stacks.ts';
import { parseWithSpeedscope, SPEEDSCOPE_SCHEMA } from './speedscope-parser.ts';

/** As it is after the way to a file and back. */
const saved = (): SpeedscopeFile =>
  JSON.parse(JSON.stringify(toSpeedscope(STACKS, 'config-read/batch', 'barometer 0.1.0')));

describe("in speedscope's own parser", () => {
  const { name, indexToView, profiles } = parseWithSpeedscope(saved());
  const [profile] = profiles;

  test('a file is one profile of its own format, named and as long as the passes', () => {
    expect(saved().$schema).toBe(SPEEDSCOPE_SCHEMA);
    expect([name, indexToView, profiles.length]).toEqual(['config-read/batch', 0, 1]);
    expect([profile!.getName(), profile!.getWeightUnit()]).toEqual(['config-read/batch', 'microseconds']);
    expect(profile!.getTotalWeight()).toBe(10_000);
  });

  test('each frame has its name, its file, and its time', () => {
    const frames: unknown[] = [];
    profile!.forEachFrame((frame) => {
      frames.push([frame.name, frame.file, frame.getSelfWeight(), frame.getTotalWeight()]);
    });
    expect(frames).toEqual([
      ['profiledPasses', 'src/profile/passes.ts', 0, 9000],
      ['runBatch', 'assembly/access-batch.ts', 1000, 7000],
      ['fast', 'assembly/access-batch.ts', 6000, 6000],
      ['(garbage collector)', undefined, 1000, 1000],
      [STACKS.frames[4]!.name, 'a<b>.ts', 2000, 2000],
    ]);
  });

  test('stacks are what was sampled, in its order', () => {
    const calls: string[] = [];
    profile!.forEachCall(
      ({ frame }, at) => calls.push(`${at} ${frame.name}`),
      () => {},
    );
    expect(calls.slice(0, 4)).toEqual(['0 profiledPasses', '0 runBatch', '0 fast', '3000 fast']);
    expect(calls.slice(4)).toEqual([
      '7000 (garbage collector)',
      '8000 profiledPasses',
      `8000 ${STACKS.frames[4]!.name}`,
    ]);
  });
});

describe('the parser sees', () => {
  const broken = (change: (profile: Record<string, unknown>) => void) => {
    const file = structuredClone(saved()) as unknown as { profiles: Record<string, unknown>[] };
    change(file.profiles[0]!);
    return () => parseWithSpeedscope(file);
  };

  test('a stack of frames that are not there', () => {
    expect(broken((profile) => Object.assign(profile, { samples: [[0, 99]], weights: [1] }))).toThrow();
  });

  test('samples without a weight', () => {
    expect(broken((profile) => Object.assign(profile, { weights: [1] }))).toThrow(/weights/);
  });

  test('a kind of profile that it does not know', () => {
    // As an event profile it lacks events.
    expect(broken((profile) => Object.assign(profile, { type: 'evented' }))).toThrow();
  });
});
