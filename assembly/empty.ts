// Calls that do nothing, one for each number of arguments: what crossing to the module costs. V8 puts an empty body
// into its caller, and then nothing is crossed; a body that can change a global it leaves where it is
// (test/measure/boundary.test.ts).
import { stopAt } from './access';

/** Nothing passes this as a first argument. */
const NOBODY: u32 = 0xfffffffe;

export function emptyOf2(a: u32, b: u32): u32 {
  if (a == NOBODY) stopAt(b);
  return a;
}

export function emptyOf3(a: u32, b: u32, _c: u32): u32 {
  if (a == NOBODY) stopAt(b);
  return a;
}

export function emptyOf4(a: u32, b: u32, _c: u32, _d: u32): u32 {
  if (a == NOBODY) stopAt(b);
  return a;
}

export function emptyOf5(a: u32, b: u32, _c: u32, _d: u32, _e: u32): u32 {
  if (a == NOBODY) stopAt(b);
  return a;
}
