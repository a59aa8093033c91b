/** Vocabulary shared by every layer. Types and word lists only. */

/** Who answers an access. `noop` answers nothing: it shows what the harness itself costs. */
export const IMPLEMENTATIONS = ['wasm', 'ts', 'noop'] as const;
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
 * Which nvgrace-gpu driver computes the region geometry. `6.9`, as first landed, rounds the usable
 * length down to 512 MiB before it takes the next power of two; `6.14`, current, does so afterwards.
 */
export const DRIVER_GENERATIONS = ['6.9', '6.14'] as const;
export type DriverGeneration = (typeof DRIVER_GENERATIONS)[number];

/** Width of one register access in bytes. */
export type WidthBytes = 1 | 2 | 4;

/** Where a figure comes from. No table mixes them. */
export type Evidence = 'measured' | 'modelled' | 'published';
