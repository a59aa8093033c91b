// Threads of litmus tests. Each does one access or two in every slot, and leaves what it read in registers of its own, so
// that several threads which go over the same slots at once show in what order their accesses took effect.
import {
  AGENT_ADDRESS,
  AGENT_BUFFER,
  AGENT_STRIDE,
  KERNEL_ADD_ONE,
  KERNEL_READ_LONG,
  KERNEL_READ_READ,
  KERNEL_READ_WRITE,
  KERNEL_WRITE_LONG,
  KERNEL_WRITE_ONE,
  KERNEL_WRITE_READ,
  KERNEL_WRITE_WRITE,
  LITMUS_ATOMIC,
  LITMUS_FIRST,
  LITMUS_FIRST_VALUE,
  LITMUS_REGISTER_BYTES,
  LITMUS_SECOND,
  LITMUS_SECOND_VALUE,
} from './layout';

export function litmus(block: usize, kernel: u32, slots: u32): u32 {
  const atomics = load<u32>(block, LITMUS_ATOMIC);
  const isFirst = (atomics & 1) != 0;
  const isSecond = (atomics & 2) != 0;
  const value = load<u32>(block, LITMUS_FIRST_VALUE);
  const second = load<u32>(block, LITMUS_SECOND_VALUE);
  const stride = load<u32>(block, AGENT_STRIDE);
  const range = load<u32>(block, AGENT_ADDRESS);
  let a = range + load<u32>(block, LITMUS_FIRST);
  let b = range + load<u32>(block, LITMUS_SECOND);
  let register = load<u32>(block, AGENT_BUFFER);
  const end = register + slots * LITMUS_REGISTER_BYTES;
  for (; register != end; register += LITMUS_REGISTER_BYTES) {
    switch (kernel) {
      case KERNEL_WRITE_READ:
        put(a, value, isFirst);
        store<u32>(register, get(b, isSecond));
        break;
      case KERNEL_WRITE_WRITE:
        put(a, value, isFirst);
        put(b, second, isSecond);
        break;
      case KERNEL_READ_READ: {
        const found = get(a, isFirst);
        store<u32>(register, get(b, isSecond), 4);
        store<u32>(register, found);
        break;
      }
      case KERNEL_READ_WRITE: {
        const found = get(a, isFirst);
        put(b, second, isSecond);
        store<u32>(register, found);
        break;
      }
      case KERNEL_WRITE_ONE:
        put(a, value, isFirst);
        break;
      case KERNEL_ADD_ONE:
        if (isFirst) atomic.add<u32>(a, 1);
        else store<u32>(a, load<u32>(a) + 1);
        break;
      case KERNEL_WRITE_LONG: {
        const long = ((<u64>value) << 32) | value;
        if (isFirst) atomic.store<u64>(a, long);
        else store<u64>(a, long);
        break;
      }
      case KERNEL_READ_LONG:
        store<u64>(register, isFirst ? atomic.load<u64>(a) : load<u64>(a));
        break;
      default:
        unreachable();
    }
    a += stride;
    b += stride;
  }
  return slots;
}

function put(at: usize, value: u32, isAtomic: bool): void {
  if (isAtomic) atomic.store<u32>(at, value);
  else store<u32>(at, value);
}

function get(at: usize, isAtomic: bool): u32 {
  return isAtomic ? atomic.load<u32>(at) : load<u32>(at);
}
