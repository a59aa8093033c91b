import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import { wasmPath } from '../device/wasm/module.ts';
import { governorOf } from '../doctor/frequency.ts';
import { readFile } from '../doctor/machine.ts';
import type { Fingerprint } from '../results/samples.ts';

/** Identity of machine, runtime, flags and build, as far as the machine tells. */
export function fingerprint(): Fingerprint {
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
  };
}

/** Which build was measured: equal for all its implementations, different for different code of the core. */
export function buildName(version: string): string {
  return `barometer ${version} ${wasmDigest()}`;
}

/** First 12 hex digits of the SHA-256 of the compiled core. */
function wasmDigest(): string {
  return createHash('sha256').update(readFileSync(wasmPath())).digest('hex').slice(0, 12);
}
