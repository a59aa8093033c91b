/** Vocabulary shared by every layer. Types and word lists only. */

/** Who answers an access. `noop` answers nothing: it shows what the harness itself costs. */
export const IMPLEMENTATIONS = ['wasm', 'ts', 'native', 'noop'] as const;
export type Implementation = (typeof IMPLEMENTATIONS)[number];

/** How strictly configuration space is emulated. */
export const POLICIES = [
  'strict',
  'nvgrace',
  'core',
  'passthrough',
  'v13',
  'virtio-flags',
  'virtio-flags2',
  'virtio',
] as const;
export type Policy = (typeof POLICIES)[number];

/**
 * Which nvgrace-gpu driver. `6.9`, as first landed, rounds the usable length down to 512 MiB before it takes the next
 * power of two; `6.14` does so afterwards; `7.0` also checks, at the first access after a reset, that the device is
 * ready.
 */
export const DRIVER_GENERATIONS = ['6.9', '6.14', '7.0'] as const;
export type DriverGeneration = (typeof DRIVER_GENERATIONS)[number];
export const CURRENT_GENERATION: DriverGeneration = '7.0';

/**
 * What a request to resmem returns that crosses the end of memory: `quirk`, as the driver is written, the bytes of
 * real memory; `intended`, as it is meant, all of them, with 0xff behind memory.
 */
export const RESMEM_MODES = ['quirk', 'intended'] as const;
export type ResmemMode = (typeof RESMEM_MODES)[number];

/** Width of one register access in bytes. */
export type WidthBytes = 1 | 2 | 4;

/** Where a figure comes from. No table mixes them. */
export type Evidence = 'measured' | 'modelled' | 'published';
