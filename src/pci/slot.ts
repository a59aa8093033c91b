/** Where a function sits: `[DDDD:]BB:DD.F`, hexadecimal but for the function. */

export interface Slot {
  /** 0 where it was not written. Over 16 bits behind some host bridges (Intel VMD numbers from 10000). */
  readonly domain: number;
  readonly bus: number;
  readonly device: number;
  readonly function: number;
}

const SLOT = /^(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}):([01][0-9a-f])\.([0-7])$/i;

/** Null for anything but `BB:DD.F` or `DDDD:BB:DD.F` (domain of 4 to 8 digits, device 00–1f, function 0–7). */
export function parseSlot(text: string): Slot | null {
  const match = SLOT.exec(text);
  if (match === null) return null;
  const [, domain = '0', bus = '', device = '', fn = ''] = match;
  return {
    domain: Number.parseInt(domain, 16),
    bus: Number.parseInt(bus, 16),
    device: Number.parseInt(device, 16),
    function: Number.parseInt(fn, 16),
  };
}

/** `DDDD:BB:DD.F`, as sysfs names its folders. */
export function formatSlot(slot: Slot): string {
  const digits = (value: number, count: number) => value.toString(16).padStart(count, '0');
  return `${digits(slot.domain, 4)}:${digits(slot.bus, 2)}:${digits(slot.device, 2)}.${slot.function}`;
}

/** Whether two spellings name one place: `00:02.0` is `0000:00:02.0`. */
export function isSameSlot(a: string, b: string): boolean {
  const [slotA, slotB] = [parseSlot(a), parseSlot(b)];
  return slotA !== null && slotB !== null && formatSlot(slotA) === formatSlot(slotB);
}
