import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import { selectedNative } from '../device/native/native-device.ts';
import { wasmPath } from '../device/wasm/module.ts';
import { governorOf } from '../doctor/frequency.ts';
import { readFile } from '../doctor/machine.ts';
import type { Fingerprint } from '../results/samples.ts';
import type { Implementation } from '../types.ts';

/** Identity of machine, runtime, flags and build, as far as the machine tells. */
export function fingerprint(implementations: readonly Implementation[]): Fingerprint {
  const processors = cpus();
  return {
    cpuModel: processors[0]?.model ?? null,
    coreCount: processors.length,
    memoryBytes: totalmem(),
    kernel: `${type()} ${release()}`,
    arch: arch(),
    governor: governorOf(readFile, 0),
    loadAverage1m: loadavg()[0] ?? null,
    nodeVersion: process.versions.node,
    v8Version: process.versions.v8,
    flags: [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ').trim(),
    wasmDigest: wasmDigest(),
    nativeCompiler: implementations.includes('native') ? nativeCompiler() : null,
  };
}

/**
 * Which build was measured: equal for all its implementations, different for different code of the core. A native
 * core that is not the reference build says so, and is paired with none of them.
 */
export function buildOf(implementation: Implementation, version: string): string {
  const name = `barometer ${version} ${wasmDigest()}`;
  return implementation === 'native' && selectedNative().build === 'march-native'
    ? `${name} -march=native`
    : name;
}

/** Compiler and flags of the native core; null where there is none. */
function nativeCompiler(): string | null {
  const native = selectedNative();
  return native.available ? native.compiler : null;
}

/** First 12 hex digits of the SHA-256 of the compiled core. */
function wasmDigest(): string {
  return createHash('sha256').update(readFileSync(wasmPath())).digest('hex').slice(0, 12);
}
