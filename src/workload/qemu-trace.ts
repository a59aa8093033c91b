/** Lines of a QEMU trace log that concern a VFIO device (specification 5.5, QEMU's hw/vfio/trace-events). */
import { quoted } from '../pci/quoted.ts';

/**
 * Events by QEMU's name: our name, and the text after QEMU's with a field at each conversion. Kinds of fields:
 * `text` %s; `x32` 0x%x of an int; `x64` 0x%lx or 0x%PRIx64; `count` %d of what cannot be negative; `int` any
 * other %d; `flag` %d of a bool. Where the text begins with a space, the line shows two.
 *
 * Ends of ranges stay as logged. `endInclusive` is said to be the last byte; the other events' `end` is so too in
 * current QEMU, but one past it in old versions, and a line does not tell which.
 */
const EVENTS = {
  vfio_pci_read_config: ['cfg-read', ' ({device:text}, @{offset:x32}, len={width:x32}) {value:x32}'],
  vfio_pci_write_config: ['cfg-write', ' ({device:text}, @{offset:x32}, {value:x32}, len={width:x32})'],
  vfio_region_read: [
    'region-read',
    ' ({device:text}:region{region:count}+{offset:x64}, {width:count}) = {value:x64}',
  ],
  vfio_region_write: [
    'region-write',
    ' ({device:text}:region{region:count}+{offset:x64}, {value:x64}, {width:count})',
  ],
  vfio_region_setup: [
    'region-setup',
    'Device {device:text}, region {region:count} "{name:text}", flags: {flags:x64}, offset: {offset:x64}, size: {size:x64}',
  ],
  vfio_region_mmap: ['region-mmap', 'Region {name:text} [{start:x64} - {endInclusive:x64}]'],
  vfio_region_mmap_fault: [
    'region-mmap-fault',
    'Region {name:text} mmaps[{index:count}], [{start:x64} - {end:x64}], fault: {fault:int}',
  ],
  vfio_region_unmap: ['region-unmap', 'Region {name:text} unmap [{start:x64} - {end:x64}]'],
  vfio_region_sparse_mmap_header: [
    'region-sparse-mmap-header',
    'Device {device:text} region {region:count}: {entries:count} sparse mmap entries',
  ],
  vfio_region_sparse_mmap_entry: [
    'region-sparse-mmap-entry',
    'sparse entry {index:count} [{start:x64} - {end:x64}]',
  ],
  vfio_region_exit: ['region-exit', 'Device {device:text}, region {region:count}'],
  vfio_region_finalize: ['region-finalize', 'Device {device:text}, region {region:count}'],
  vfio_region_mmaps_set_enabled: ['region-mmaps-enabled', 'Region {name:text} mmaps enabled: {enabled:flag}'],
  vfio_pci_size_rom: ['rom-size', '{device:text} ROM size {size:x32}'],
  vfio_rom_read: ['rom-read', ' ({device:text}, {offset:x64}, {width:x32}) = {value:x64}'],
  vfio_pci_load_rom: [
    'rom-load',
    "Device '{device:text}' ROM: size: {size:x64}, offset: {offset:x64}, flags: {flags:x64}",
  ],
  // Two names of one event: the first is that of older versions.
  vfio_populate_device_config: [
    'cfg-setup',
    "Device '{device:text}' config: size: {size:x64}, offset: {offset:x64}, flags: {flags:x64}",
  ],
  vfio_pci_populate_device_config: [
    'cfg-setup',
    "Device '{device:text}' config: size: {size:x64}, offset: {offset:x64}, flags: {flags:x64}",
  ],
  vfio_pci_reset: ['reset', ' ({device:text})'],
  vfio_pci_reset_flr: ['reset-flr', '{device:text} FLR/VFIO_DEVICE_RESET'],
  vfio_pci_hot_reset: ['hot-reset', ' ({device:text}) {type:text}'],
} as const;

interface Values {
  text: string;
  x32: number;
  x64: bigint;
  count: number;
  int: number;
  flag: boolean;
}
type Kind = keyof Values;

/** The fields that a text of `EVENTS` names, with the types of their kinds. */
type Fields<Text extends string> =
  Text extends `${string}{${infer Name}:${infer K extends Kind}}${infer Rest}`
    ? { readonly [name in Name]: Values[K] } & Fields<Rest>
    : unknown;

type Event<Entry> = Entry extends readonly [infer Name, infer Text extends string]
  ? { readonly event: Name } & Fields<Text>
  : never;

/** What one line says. Offsets and widths are bytes. */
export type TraceEvent = Event<(typeof EVENTS)[keyof typeof EVENTS]>;

/** A line of a known event that does not have the event's form. */
export interface MalformedLine {
  /** What was given and what was expected. */
  readonly error: string;
}

const INT_MAX = 2 ** 31 - 1;

interface Reader {
  /** What a good field matches; a group of the whole line takes more, so that a bad field can be named. */
  readonly pattern: RegExp;
  readonly expected: string;
  /** Undefined where the number has the right form and is too large. */
  readonly read: (text: string) => Values[Kind] | undefined;
}

const READERS: Readonly<Record<Kind, Reader>> = {
  text: { pattern: /^.+$/s, expected: 'text', read: (text) => text },
  x32: { pattern: /^0x[0-9a-f]{1,8}$/, expected: '0x and 1 to 8 lower-case hex digits', read: Number },
  x64: { pattern: /^0x[0-9a-f]{1,16}$/, expected: '0x and 1 to 16 lower-case hex digits', read: BigInt },
  count: { pattern: /^\d{1,10}$/, expected: `a decimal number from 0 to ${INT_MAX}`, read: readInt },
  int: {
    pattern: /^-?\d{1,10}$/,
    expected: `a decimal number from -${INT_MAX + 1} to ${INT_MAX}`,
    read: readInt,
  },
  flag: { pattern: /^[01]$/, expected: '0 or 1', read: (text) => text === '1' },
};

function readInt(text: string): number | undefined {
  const value = Number(text);
  return value >= -INT_MAX - 1 && value <= INT_MAX ? value : undefined;
}

interface Format {
  readonly event: TraceEvent['event'];
  readonly fields: readonly (readonly [name: string, kind: Kind])[];
  /** One group a field. The first text takes as much as it can: names may hold what stands behind them. */
  readonly shape: RegExp;
  /** The text with names in place of values, for messages. */
  readonly example: string;
}

const FIELD = /\{(\w+):(\w+)\}/g;

function compile([event, text]: (typeof EVENTS)[keyof typeof EVENTS]): Format {
  const escaped = text.replace(/[()[\]+.]/g, '\\$&');
  const groups = escaped.replace(FIELD, (_, __, kind) => (kind === 'text' ? '(.+)' : '([^\\s:,+()[\\]]*)'));
  return {
    event,
    fields: [...text.matchAll(FIELD)].map(([, name, kind]) => [name!, kind as Kind]),
    shape: new RegExp(`^${groups}$`, 's'),
    example: text.replace(FIELD, (_, name: string) => name.toUpperCase()),
  };
}

const FORMATS = new Map(Object.entries(EVENTS).map(([name, entry]) => [name, compile(entry)]));

/**
 * The time where the log has it, the name of the event, a space, its text. The time is `PID@SECONDS.MICROSECONDS:`, or, of
 * `-msg timestamp=on` in QEMU 11, that of ISO 8601.
 */
const LINE = /^(?:\d+@\d+\.\d+:|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z )?(vfio_\w+) (.*)$/s;

/** No line of QEMU is near it. It bounds the time that a hostile line takes. */
const MAX_LINE_CHARS = 4096;

/**
 * What a line of a trace log says. Whether widths and offsets make sense is not looked at.
 * @returns null for a line that is no event of the table
 */
export function parseTraceLine(line: string): TraceEvent | MalformedLine | null {
  const [, name = '', text = ''] = LINE.exec(line.replace(/\r?\n$/, '')) ?? [];
  const format = FORMATS.get(name);
  if (!format) return null;
  if (line.length > MAX_LINE_CHARS) {
    return {
      error: `${name}: a line of ${line.length} characters was given; expected at most ${MAX_LINE_CHARS}`,
    };
  }
  const match = format.shape.exec(text);
  if (!match)
    return { error: `${name}: ${quoted(text)} was given; expected the form ${quoted(format.example)}` };
  return eventOf(format, match.slice(1), name);
}

function eventOf(
  { event, fields }: Format,
  texts: readonly string[],
  name: string,
): TraceEvent | MalformedLine {
  const values: Record<string, Values[Kind]> = { event };
  for (const [fieldIdx, [field, kind]] of fields.entries()) {
    const text = texts[fieldIdx]!;
    const { pattern, expected, read } = READERS[kind];
    const value = pattern.test(text) ? read(text) : undefined;
    if (value === undefined)
      return { error: `${name}: ${field} ${quoted(text)} was given; expected ${expected}` };
    values[field] = value;
  }
  return values as unknown as TraceEvent;
}
