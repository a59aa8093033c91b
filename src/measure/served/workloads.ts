/** What is measured of a device that somebody serves: single accesses through its socket, there and back. */

/** `served/config-read` and its like. */
export interface ServedWorkload {
  readonly name: string;
  readonly params: {
    /** Of a register. */
    readonly widthBytes?: number;
    /** Of a request to memory. */
    readonly sizeBytes?: number;
    /** Requests on their way at the same time. */
    readonly inFlight: number;
  };
}

export const SERVED_CONFIG_READ = 'served/config-read';
export const SERVED_REGION_READ = 'served/region-read';
export const SERVED_REGION_WRITE = 'served/region-write';

const IN_FLIGHT = [1, 64] as const;
/** A register, and a page. */
const REGION_SIZES = [4, 4096] as const;

/** Those that only read first. */
export const SERVED_WORKLOADS: readonly ServedWorkload[] = [
  ...IN_FLIGHT.map((inFlight) => ({ name: SERVED_CONFIG_READ, params: { widthBytes: 4, inFlight } })),
  ...[SERVED_REGION_READ, SERVED_REGION_WRITE].flatMap((name) =>
    REGION_SIZES.flatMap((sizeBytes) =>
      IN_FLIGHT.map((inFlight) => ({ name, params: { sizeBytes, inFlight } })),
    ),
  ),
];
