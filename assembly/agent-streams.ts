// Kernels of one agent on lines of its own: reads and writes in order and with a stride, and the four of STREAM
// (McCalpin, "Memory Bandwidth and Machine Balance in Current High Performance Computers"). An operation is a line.
import { origin, placeToRead, placeToWrite, toRead, toWrite } from './agent-place';
import {
  AGENT_A,
  AGENT_B,
  AGENT_C,
  AGENT_CHECKSUM,
  AGENT_CURSOR,
  AGENT_LINE,
  AGENT_SIZE,
  AGENT_STRIDE,
  KERNEL_ADD,
  KERNEL_COPY,
  KERNEL_READ,
  KERNEL_SCALE,
  KERNEL_WRITE,
} from './layout';

/** Factor of scale and triad. */
const SCALAR: f64 = 3;

// The formulas of STREAM, as types: the loop is compiled for each, and asks for none.
type Copy = u8;
type Scale = u16;
type Add = u32;
type Triad = u64;

export function streams<Path>(block: usize, kernel: u32, operations: u32): u32 {
  if (kernel == KERNEL_READ) read<Path>(block, operations);
  else if (kernel == KERNEL_WRITE) write<Path>(block, operations);
  else if (kernel == KERNEL_COPY) arrays<Path, Copy>(block, operations);
  else if (kernel == KERNEL_SCALE) arrays<Path, Scale>(block, operations);
  else if (kernel == KERNEL_ADD) arrays<Path, Add>(block, operations);
  else arrays<Path, Triad>(block, operations);
  return operations;
}

/** The line after `at`: a stride on; behind the end, the first line that was not touched yet, or the first of all. */
export function nextLine(at: u32, size: u32, stride: u32, line: u32): u32 {
  const next = at + stride;
  if (next < size) return next;
  const first = (at % stride) + line;
  return first < stride ? first : 0;
}

function read<Path>(block: usize, operations: u32): void {
  const size = load<u32>(block, AGENT_SIZE);
  const stride = load<u32>(block, AGENT_STRIDE);
  const line = load<u32>(block, AGENT_LINE);
  let at = load<u32>(block, AGENT_CURSOR);
  let sum = i32x4.splat(0);
  for (let i: u32 = 0; i < operations; i++) {
    const from = toRead<Path>(block, at, line);
    for (let sector: usize = from; sector < from + line; sector += 32) {
      sum = i32x4.add(sum, i32x4.add(v128.load(sector), v128.load(sector, 16)));
    }
    at = nextLine(at, size, stride, line);
  }
  store<u32>(block, at, AGENT_CURSOR);
  const folded =
    i32x4.extract_lane(sum, 0) +
    i32x4.extract_lane(sum, 1) +
    i32x4.extract_lane(sum, 2) +
    i32x4.extract_lane(sum, 3);
  store<u32>(block, load<u32>(block, AGENT_CHECKSUM) + folded, AGENT_CHECKSUM);
}

/** Each word of a line becomes the number of the writes up to this one, which is kept as the checksum. */
function write<Path>(block: usize, operations: u32): void {
  const size = load<u32>(block, AGENT_SIZE);
  const stride = load<u32>(block, AGENT_STRIDE);
  const line = load<u32>(block, AGENT_LINE);
  let at = load<u32>(block, AGENT_CURSOR);
  let written = load<u32>(block, AGENT_CHECKSUM);
  for (let i: u32 = 0; i < operations; i++) {
    const value = i32x4.splat(++written);
    const to = toWrite<Path>(block, at, line);
    for (let sector: usize = to; sector < to + line; sector += 32) {
      v128.store(sector, value);
      v128.store(sector, value, 16);
    }
    at = nextLine(at, size, stride, line);
  }
  store<u32>(block, at, AGENT_CURSOR);
  store<u32>(block, written, AGENT_CHECKSUM);
}

/** Of STREAM: arrays a, b and c of doubles; c = a, b = 3 c, c = a + b, a = b + 3 c. */
function arrays<Path, Formula>(block: usize, operations: u32): void {
  const size = load<u32>(block, AGENT_SIZE);
  const stride = load<u32>(block, AGENT_STRIDE);
  const line = load<u32>(block, AGENT_LINE);
  const first = origin<Path>(block);
  const a = first + load<u32>(block, AGENT_A);
  const b = first + load<u32>(block, AGENT_B);
  const c = first + load<u32>(block, AGENT_C);
  let at = load<u32>(block, AGENT_CURSOR);
  for (let i: u32 = 0; i < operations; i++) {
    if (sizeof<Formula>() == sizeof<Copy>()) copyLine<Path>(block, a + at, c + at, line);
    else if (sizeof<Formula>() == sizeof<Scale>()) scaleLine<Path>(block, b + at, c + at, line);
    else if (sizeof<Formula>() == sizeof<Add>()) addLine<Path>(block, a + at, b + at, c + at, line);
    else triadLine<Path>(block, a + at, b + at, c + at, line);
    at = nextLine(at, size, stride, line);
  }
  store<u32>(block, at, AGENT_CURSOR);
}

function copyLine<Path>(block: usize, atA: u32, atC: u32, line: u32): void {
  const a = placeToRead<Path>(block, atA, line);
  const c = placeToWrite<Path>(block, atC, line);
  for (let k: u32 = 0; k < line; k += 32) {
    v128.store(c + k, v128.load(a + k));
    v128.store(c + k, v128.load(a + k, 16), 16);
  }
}

function scaleLine<Path>(block: usize, atB: u32, atC: u32, line: u32): void {
  const c = placeToRead<Path>(block, atC, line);
  const b = placeToWrite<Path>(block, atB, line);
  for (let k: u32 = 0; k < line; k += 32) {
    v128.store(b + k, thrice(v128.load(c + k)));
    v128.store(b + k, thrice(v128.load(c + k, 16)), 16);
  }
}

function addLine<Path>(block: usize, atA: u32, atB: u32, atC: u32, line: u32): void {
  const a = placeToRead<Path>(block, atA, line);
  const b = placeToRead<Path>(block, atB, line);
  const c = placeToWrite<Path>(block, atC, line);
  for (let k: u32 = 0; k < line; k += 32) {
    v128.store(c + k, f64x2.add(v128.load(a + k), v128.load(b + k)));
    v128.store(c + k, f64x2.add(v128.load(a + k, 16), v128.load(b + k, 16)), 16);
  }
}

function triadLine<Path>(block: usize, atA: u32, atB: u32, atC: u32, line: u32): void {
  const b = placeToRead<Path>(block, atB, line);
  const c = placeToRead<Path>(block, atC, line);
  const a = placeToWrite<Path>(block, atA, line);
  for (let k: u32 = 0; k < line; k += 32) {
    v128.store(a + k, f64x2.add(v128.load(b + k), thrice(v128.load(c + k))));
    v128.store(a + k, f64x2.add(v128.load(b + k, 16), thrice(v128.load(c + k, 16))), 16);
  }
}

function thrice(doubles: v128): v128 {
  return f64x2.mul(f64x2.splat(SCALAR), doubles);
}
