/** The protocol that is modelled. */
import { CPU_CACHE } from './cpu-cache.ts';
import { GPU_L1 } from './gpu-l1.ts';
import { HOME } from './home.ts';
import type { Protocol } from './tables.ts';

export const PROTOCOL: Protocol = { cpu: CPU_CACHE, gpu: GPU_L1, home: HOME };
