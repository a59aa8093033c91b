/** What a decoded capability looks like, standard or extended. */

export type CapabilityValue =
  | number
  | string
  | boolean
  | null
  | readonly Readonly<Record<string, number | string | readonly string[]>>[];

/** What is inside one capability. */
export interface CapabilityDetails {
  /** One line for people, worded as in `lspci -vv`; empty where only the name is known. */
  readonly summary: string;
  /** The same for machines; sizes and 64-bit values are strings. */
  readonly fields: Readonly<Record<string, CapabilityValue>>;
}

export interface Capability extends CapabilityDetails {
  readonly id: number;
  readonly name: string;
  readonly offset: number;
}

export interface ExtendedCapability extends Capability {
  readonly version: number;
}

/** Decodes the details of the capability at `offset`. */
export interface DetailsDecoder {
  /** How many bytes it reads, from the capability's first on. */
  readonly lengthBytes: number;
  decode(config: Uint8Array, offset: number): CapabilityDetails;
}

export const NO_DETAILS: CapabilityDetails = { summary: '', fields: {} };

/** `Enable+` or `Enable-`. */
export function flag(name: string, isSet: boolean): string {
  return `${name}${isSet ? '+' : '-'}`;
}
