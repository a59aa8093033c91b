import { setFlagsFromString } from 'node:v8';
import type { Tier } from '../results/samples.ts';

type Probe = (subject: unknown) => boolean;

/**
 * Asks V8 through its own natives. The flag only changes what the parser accepts, and stays on: V8 parses a
 * function again when it first runs. `liftoff` and `wasmTurbofan` take exported WebAssembly functions alone;
 * V8 aborts the process on any other.
 */
function compileProbes(): Record<'turbofan' | 'maglev' | 'liftoff' | 'wasmTurbofan', Probe> {
  setFlagsFromString('--allow-natives-syntax');
  const probe = (expression: string) => new Function('f', `return ${expression}`) as Probe;
  return {
    turbofan: probe('%ActiveTierIsTurbofan(f)'),
    maglev: probe('%ActiveTierIsMaglev(f)'),
    liftoff: probe('%IsLiftoffFunction(f)'),
    wasmTurbofan: probe('%IsTurboFanFunction(f)'),
  };
}

let probes: ReturnType<typeof compileProbes> | undefined;

/** Tier of an exported WebAssembly function. */
export function wasmTier(exported: unknown): Tier {
  probes ??= compileProbes();
  if (probes.wasmTurbofan(exported)) return 'turbofan';
  return probes.liftoff(exported) ? 'liftoff' : 'mixed';
}

/** Tier of JavaScript functions that a measurement runs in: one word where they agree. */
export function scriptTier(functions: readonly unknown[]): Tier {
  probes ??= compileProbes();
  const tiers = new Set(functions.map(oneScriptTier));
  return tiers.size === 1 ? [...tiers][0]! : 'mixed';
}

function oneScriptTier(subject: unknown): Tier {
  if (probes!.turbofan(subject)) return 'turbofan';
  // Baseline code counts as interpreter: it runs the same bytecodes, one by one.
  return probes!.maglev(subject) ? 'maglev' : 'interpreter';
}
