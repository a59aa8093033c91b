/** Runs of identical arms: whatever differs between them is noise. */
import { fileURLToPath } from 'node:url';
import type { BuildRequest } from '../measure/fork-protocol.ts';
import type { Suite } from '../workload/scenario.ts';

/** This build twice. They are arms of their own, each with code of its own, as two checkouts would be. */
export const TWIN_BUILDS: readonly BuildRequest[] = [
  { label: 'A ', root: null },
  { label: 'B ', root: null },
];

// Built as .js, tested as .ts: the module has the extension of this file.
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** A workload module to be held against itself. */
export const TWIN_MODULE = fileURLToPath(new URL(`../workload/twin-module.${EXTENSION}`, import.meta.url));

/** Registers, copies, a whole sizing: the kinds of work that noise tells apart. */
export const TWIN_WORKLOADS: Suite['workloads'] = [
  { name: 'config-read/batch', params: { widthBytes: 4, mix: 'header' } },
  { name: 'config-write/batch', params: { widthBytes: 4, mix: 'header' } },
  { name: 'region-copy', params: { sizeBytes: 4096, srcOffsetBytes: 0, dstOffsetBytes: 0 } },
  { name: 'bar-size/linux', params: { policy: null } },
];
