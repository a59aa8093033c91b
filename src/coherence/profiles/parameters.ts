/**
 * The parameters of a coherence profile: the one table from which the parser, what is printed about them, and the
 * type of their values come. CPU and GPU are the two sides, each with the home of the memory beside it.
 */
import { fromBaseUnits, type UnitKind } from './unit-kinds.ts';

interface Range {
  /** Smallest and largest value, in base units of the kind. */
  readonly min: number;
  readonly max: number;
}

export interface ParameterSpec extends Range {
  readonly name: string;
  readonly kind: UnitKind;
  readonly meaning: string;
}

const GIB = 2 ** 30;
/** 1 ms: longer than anything on the way to memory. */
const TIME: Range = { min: 0, max: 1e9 };
const BUSY: Range = { min: 1, max: 1e9 };
/** As many as a directory can note. */
const CORES: Range = { min: 1, max: 96 };
const SMS: Range = { min: 1, max: 1024 };
const WAYS: Range = { min: 1, max: 1024 };
const BANKS: Range = { min: 1, max: 4096 };
/** Of one agent: 256 KiB, beyond which simulations take minutes and gigabytes. */
const IN_FLIGHT: Range = { min: 1, max: 4096 };
const CACHE: Range = { min: 64, max: 4 * GIB };
const OVERHEAD: Range = { min: 0, max: 4096 };
/** 1 MB/s to 100 TB/s. */
const RATE: Range = { min: 1e6, max: 1e14 };
const FLAG: Range = { min: 0, max: 1 };

function parameter<const Name extends string>(name: Name, kind: UnitKind, range: Range, meaning: string) {
  return { name, kind, ...range, meaning };
}

const CPU = [
  parameter('cpu-cores', 'count', CORES, 'CPU cores'),
  parameter('cpu-issue', 'time', BUSY, 'time between two accesses of a core'),
  parameter('cpu-stream-issue', 'time', BUSY, 'time after a store of a whole line that is not read again'),
  parameter('cpu-l1-size', 'size', CACHE, 'L1 data cache of a core'),
  parameter('cpu-l1-ways', 'count', WAYS, 'ways of the L1 data cache of a core'),
  parameter('cpu-l1-hit', 'time', BUSY, 'load of a core that hits its L1 data cache'),
  parameter('cpu-l2-size', 'size', CACHE, 'L2 cache of a core'),
  parameter('cpu-l2-ways', 'count', WAYS, 'ways of the L2 cache of a core'),
  parameter('cpu-l2-hit', 'time', BUSY, 'load of a core that hits its L2 cache, from its start'),
  parameter('cpu-outstanding-reads', 'lines', IN_FLIGHT, 'lines that one core has in flight at most, read'),
  parameter(
    'cpu-outstanding-writes',
    'lines',
    IN_FLIGHT,
    'lines that one core has in flight at most, written',
  ),
  parameter('cpu-fabric-hop', 'time', TIME, 'one way between a core and the home of CPU memory'),
  parameter('l3-size', 'size', CACHE, 'L3 cache at the home of CPU memory'),
  parameter('l3-ways', 'count', WAYS, 'ways of the L3 cache'),
  parameter('cpu-home-slices', 'count', BANKS, 'slices of the home of CPU memory, which work side by side'),
  parameter(
    'cpu-home-occupancy',
    'time',
    BUSY,
    'time a slice of the home of CPU memory is busy with one request',
  ),
  parameter(
    'cpu-atomic-latency',
    'time',
    TIME,
    'atomic at the home of CPU memory, beyond a hit in the L3 cache',
  ),
  parameter(
    'cpu-atomic-occupancy',
    'time',
    BUSY,
    'time a line of CPU memory is busy with one atomic at its home',
  ),
  parameter('lpddr-latency', 'time', TIME, 'CPU memory, beyond a hit in the L3 cache'),
  parameter('lpddr-channels', 'count', BANKS, 'channels of CPU memory'),
  parameter('lpddr-read-service', 'time', BUSY, 'time a channel is busy with a read of 64 bytes'),
  parameter('lpddr-write-service', 'time', BUSY, 'time a channel is busy with a write of 64 bytes'),
] as const;

const GPU = [
  parameter('gpu-sms', 'count', SMS, 'GPU streaming multiprocessors (SMs)'),
  parameter('gpu-issue', 'time', BUSY, 'time between two requests of an SM'),
  parameter('gpu-l1-size', 'size', CACHE, 'L1 cache of an SM, not tracked by any home'),
  parameter('gpu-l1-ways', 'count', WAYS, 'ways of the L1 cache of an SM'),
  parameter('gpu-l1-hit', 'time', BUSY, 'load of an SM that hits its L1 cache'),
  parameter(
    'gpu-outstanding-reads',
    'lines',
    IN_FLIGHT,
    'requests of 64 bytes that one SM has in flight at most, read',
  ),
  parameter(
    'gpu-outstanding-writes',
    'lines',
    IN_FLIGHT,
    'requests of 64 bytes that one SM has in flight at most, written',
  ),
  parameter('gpu-fabric-hop', 'time', TIME, 'one way between an SM and the home of GPU memory'),
  parameter('l2-size', 'size', CACHE, 'L2 cache at the home of GPU memory'),
  parameter('l2-ways', 'count', WAYS, 'ways of the L2 cache at the home of GPU memory'),
  parameter('gpu-home-slices', 'count', BANKS, 'slices of the home of GPU memory, which work side by side'),
  parameter(
    'gpu-home-occupancy',
    'time',
    BUSY,
    'time a slice of the home of GPU memory is busy with one request',
  ),
  parameter(
    'gpu-atomic-latency',
    'time',
    TIME,
    'atomic at the home of GPU memory, beyond a hit in the L2 cache',
  ),
  parameter(
    'gpu-atomic-occupancy',
    'time',
    BUSY,
    'time a line of GPU memory is busy with one atomic at its home',
  ),
  parameter('hbm-latency', 'time', TIME, 'GPU memory, beyond a hit in the L2 cache'),
  parameter('hbm-channels', 'count', BANKS, 'channels of GPU memory'),
  parameter('hbm-read-service', 'time', BUSY, 'time a channel is busy with a read of 64 bytes'),
  parameter('hbm-write-service', 'time', BUSY, 'time a channel is busy with a write of 64 bytes'),
] as const;

const LINK = [
  parameter('link-rate', 'rate', RATE, 'link between the two homes, each direction, overhead included'),
  parameter(
    'link-propagation',
    'time',
    TIME,
    'one way over the link, beside the time that bytes take at its rate',
  ),
  parameter(
    'link-overhead-read-data',
    'size',
    OVERHEAD,
    'bytes beside the payload of a message with data read',
  ),
  parameter(
    'link-overhead-write-data',
    'size',
    OVERHEAD,
    'bytes beside the payload of a message with data to be written',
  ),
  parameter('link-overhead-request', 'size', OVERHEAD, 'bytes of a request without data'),
  parameter('link-overhead-response', 'size', OVERHEAD, 'bytes of a response without data'),
  parameter(
    'far-lpddr-extra',
    'time',
    TIME,
    'added to GPU accesses to CPU memory beyond a footprint of 1 MiB',
  ),
] as const;

const ABILITIES = [
  parameter('cpu-caches-device-memory', 'flag', FLAG, '1 where cores may hold lines of GPU memory'),
  parameter(
    'cpu-atomics-far',
    'flag',
    FLAG,
    '1 where CPU atomics execute at the home, 0 where they take the line',
  ),
  parameter('gpu-atomics-to-host', 'flag', FLAG, '1 where GPU atomics reach CPU memory'),
  parameter('cpu-atomics-to-device', 'flag', FLAG, '1 where CPU atomics reach GPU memory'),
] as const;

const TABLE = [...CPU, ...GPU, ...LINK, ...ABILITIES] as const;

export type ParameterName = (typeof TABLE)[number]['name'];

export const PARAMETERS: readonly (ParameterSpec & { readonly name: ParameterName })[] = TABLE;

/** Each parameter in base units: picoseconds, bytes, bytes a second, or a number of things. Whole numbers. */
export type ParameterValues = Readonly<Record<ParameterName, number>>;

export function parameterNamed(name: string): (ParameterSpec & { readonly name: ParameterName }) | undefined {
  return PARAMETERS.find((spec) => spec.name === name);
}

/** `1 to 1024 count` */
export function rangeText({ kind, min, max }: ParameterSpec): string {
  return `${fromBaseUnits(min, kind)} to ${fromBaseUnits(max, kind)}`;
}

/** Name, range and meaning of every parameter, a line each. */
export function parameterLines(): string[] {
  const nameWidth = Math.max(...PARAMETERS.map(({ name }) => name.length));
  const ranges = PARAMETERS.map(rangeText);
  const rangeWidth = Math.max(...ranges.map((range) => range.length));
  return PARAMETERS.map(
    ({ name, meaning }, i) => `${name.padEnd(nameWidth)}  ${ranges[i]!.padEnd(rangeWidth)}  ${meaning}`,
  );
}
