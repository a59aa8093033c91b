import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import { selectedNative } from '../device/native/native-device.ts';
import { wasmPath } from '../device/wasm/module.ts';
import { governorOf, turboOf } from '../doctor/frequency.ts';
import { readFile } from '../doctor/machine.ts';
import { quotaCores } from '../doctor/quota.ts';
import { stolenShare } from '../doctor/steal.ts';
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
    turbo: turboOf(readFile),
    cpuQuotaCores: quotaCores(readFile),
    loadAverage1m: loadavg()[0] ?? null,
    // Since the machine started: of the time that programs asked for, what the host gave to other guests.
    stolenShare: stolenShare(readFile),
    nodeVersion: process.versions.node,
    v8Version: process.versions.v8,
    flags: [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ').trim(),
    wasmDigest: wasmDigest(),
    gitCommit: gitCommit(process.cwd()),
    nativeCompiler: implementations.includes('native') ? nativeCompiler() : null,
  };
}

const GIT_LIMIT_MS = 2000;

/** What is checked out in `folder`: 12 hex digits, and `-dirty` where files differ from it; null where git knows of nothing. */
export function gitCommit(folder: string): string | null {
  const args = ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
  const { status, stdout } = spawnSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: GIT_LIMIT_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
    // Nothing is written, not even what git would note down for next time.
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
  });
  return status === 0 ? stdout.trim() : null;
}

/**
 * Which build was measured: equal for all its implementations, different for different code of the core. A native
 * core that is not the reference build says so, and is paired with none of them. Of a served device it is the client's.
 */
export function buildOf(implementation: Implementation | 'served', version: string): string {
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
