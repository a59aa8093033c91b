// Where an agent's access lands: straight on memory, or through the device.
import { admitRead, admitWrite } from './gates';
import { AGENT_ADDRESS, AGENT_OFFSET, AGENT_REGION } from './layout';
import { pieceToRead, pieceToWrite, regionAt } from './pages';

// The path of an access is a type, so that each kernel is compiled for either and asks nothing at run time: u32 straight
// on memory, u64 through the device.

/**
 * Address of `count` bytes at `at` of the agent's range, for reading. Emulated, the device is asked as before every
 * access; the range is such that it never refuses, and it traps where it does.
 */
export function toRead<Path>(block: usize, at: u32, count: u32): usize {
  if (sizeof<Path>() == 4) return load<u32>(block, AGENT_ADDRESS) + at;
  return emulatedRead(block, at, count);
}

/** The same for writing, atomic operations among it. */
export function toWrite<Path>(block: usize, at: u32, count: u32): usize {
  if (sizeof<Path>() == 4) return load<u32>(block, AGENT_ADDRESS) + at;
  return emulatedWrite(block, at, count);
}

/** Where places are counted from that `placeToRead` and `placeToWrite` take: a kernel of several arrays asks once. */
export function origin<Path>(block: usize): u32 {
  return sizeof<Path>() == 4 ? load<u32>(block, AGENT_ADDRESS) : 0;
}

/** As `toRead`, of a place that is counted from the origin. */
export function placeToRead<Path>(block: usize, place: u32, count: u32): usize {
  if (sizeof<Path>() == 4) return place;
  return emulatedRead(block, place, count);
}

/** The same for writing. */
export function placeToWrite<Path>(block: usize, place: u32, count: u32): usize {
  if (sizeof<Path>() == 4) return place;
  return emulatedWrite(block, place, count);
}

function emulatedRead(block: usize, at: u32, count: u32): usize {
  const regionIndex = load<u32>(block, AGENT_REGION);
  const region = regionAt(regionIndex);
  const offset = load<u64>(block, AGENT_OFFSET) + at;
  if (admitRead(region, regionIndex, offset, count) != <i32>count) unreachable();
  return admitted(pieceToRead(region, offset, count));
}

function emulatedWrite(block: usize, at: u32, count: u32): usize {
  const regionIndex = load<u32>(block, AGENT_REGION);
  const region = regionAt(regionIndex);
  const offset = load<u64>(block, AGENT_OFFSET) + at;
  if (admitWrite(region, regionIndex, offset, count) != <i32>count) unreachable();
  return admitted(pieceToWrite(region, offset, count));
}

function admitted(piece: usize): usize {
  if (piece == 0) unreachable();
  return piece;
}
