// Copies that choose their strategy by size and alignment.
//
// memory.copy ends in the C library's memmove. When source and destination differ by less than 64 bytes modulo
// 4096, its loads seem to depend on the stores just made ("4K aliasing"), and where it uses `rep movsb` the copy
// can be 27 times slower (Zen 3). A backward loop does not meet its own stores and keeps its pace.

/** Aliasing copies shorter than this are as fast through memory.copy. */
const ALIAS_LOOP_FROM: u32 = 2048;
/** Aliasing copies of this many bytes and more go through memory.copy, unless the host found that to be slow. */
let aliasLoopBelow: u32 = 16384;

/** Sends every aliasing copy through the loop: for hosts whose memmove falls off there. */
export function avoidAliasing(): void {
  aliasLoopBelow = 0xffffffff;
}

/** Copies `count` bytes; the ranges may overlap. */
export function copyBytes(destination: usize, source: usize, count: u32): void {
  const distance = (destination - source) & 4095;
  if (
    count >= ALIAS_LOOP_FROM &&
    count < aliasLoopBelow &&
    distance - 1 < 63 &&
    disjoint(destination, source, count)
  ) {
    copyBackward(destination, source, count);
  } else {
    memory.copy(destination, source, count);
  }
}

function disjoint(destination: usize, source: usize, count: u32): bool {
  return destination - source >= count && source - destination >= count;
}

/** Disjoint ranges of at least 128 bytes, from the end down, storing to whole lines. */
function copyBackward(destination: usize, source: usize, count: u32): void {
  const end = destination + count;
  copyLine(end - 64, source + count - 64);
  const firstWhole = destination + 64;
  let to = end & ~63;
  let from = source + (to - destination);
  while (to > firstWhole) {
    to -= 64;
    from -= 64;
    copyLine(to, from);
  }
  copyLine(destination, source);
}

function copyLine(destination: usize, source: usize): void {
  const a = v128.load(source);
  const b = v128.load(source, 16);
  const c = v128.load(source, 32);
  const d = v128.load(source, 48);
  v128.store(destination, a);
  v128.store(destination, b, 16);
  v128.store(destination, c, 32);
  v128.store(destination, d, 48);
}

/** Sets `count` bytes. */
export function fillBytes(destination: usize, byte: u32, count: u32): void {
  memory.fill(destination, <u8>byte, count);
}
