import type { MeasuredArm } from '../../src/measure/arm.ts';
import type { Tier } from '../../src/results/samples.ts';

/** What a pass of a made-up arm takes, by how many ran before it. */
export type PassNs = (passesBefore: number) => number;

export interface FakeArm extends MeasuredArm {
  /** Passes of each call of `time`, in order. */
  readonly calls: number[];
}

/** An arm that does nothing and says that it took `passNs`. `onTime` moves an injected clock. */
export function fakeArm(
  name: string,
  passNs: PassNs,
  { tier = () => 'turbofan', onTime = () => {} }: { tier?: () => Tier; onTime?: (ns: number) => void } = {},
): FakeArm {
  const calls: number[] = [];
  let passesBefore = 0;
  return {
    workload: { name, params: {} },
    implementation: 'ts',
    build: 'b',
    single: null,
    operations: 100,
    payloadBytesPerOp: null,
    trafficBytesPerOp: null,
    answer: (pass) => `${pass()}`,
    stateDigest: () => 0,
    calls,
    time: (passes) => {
      calls.push(passes);
      const durationNs = passes * passNs(passesBefore);
      passesBefore += passes;
      onTime(durationNs);
      return { durationNs, checksum: 7 };
    },
    tier,
  };
}
