import { OP_CONFIG_READ, OP_CONFIG_WRITE } from '../../assembly/layout.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import { decodeCapabilities, decodeExtendedCapabilities } from '../pci/capabilities.ts';
import type { Random } from '../random.ts';
import type { Access } from './access-stream.ts';

const ALL_ONES = 0xffffffff;
/** Registers at the start of a capability that software polls. */
const CAPABILITY_BYTES = 16;

/** Aligned offsets of one mix, in bytes; empty where the device has no such registers. */
export function mixOffsets(spec: DeviceSpec, mix: string, widthBytes: number): number[] {
  if (mix === 'header') return range(0x00, 0x40, widthBytes);
  if (mix === 'bars') return range(0x10, 0x28, widthBytes);
  const size = spec.configBytes.length;
  const entries = [
    ...decodeCapabilities(spec.configBytes).entries,
    ...(size > 256 ? decodeExtendedCapabilities(spec.configBytes).entries : []),
  ];
  return entries.flatMap(({ offset }) =>
    range(offset, Math.min(offset + CAPABILITY_BYTES, size), widthBytes),
  );
}

/** Reads or writes of one width at random registers of a mix. Writes to BARs probe their size half of the time. */
export function* configAccesses(
  kind: 'read' | 'write',
  offsets: readonly number[],
  widthBytes: number,
  mix: string,
  random: Random,
  count: number,
): Generator<Access> {
  const op = kind === 'read' ? OP_CONFIG_READ : OP_CONFIG_WRITE;
  for (let i = 0; i < count; i++) {
    const offset = offsets[random.below(offsets.length)]!;
    const drawn = random.uint32();
    const value = mix === 'bars' && (drawn & 1) === 1 ? ALL_ONES : drawn;
    yield { op, width: widthBytes, offset, value: kind === 'read' ? 0 : value };
  }
}

function range(start: number, end: number, step: number): number[] {
  const offsets: number[] = [];
  for (let offset = start; offset + step <= end; offset += step) offsets.push(offset);
  return offsets;
}
