import type { Implementation } from '../types.ts';
import { selectedNative } from './native/native-device.ts';

/** Why this machine cannot run an implementation, null where it can. The first question about `native` compiles it. */
export function unavailableReason(implementation: Implementation): string | null {
  if (implementation !== 'native') return null;
  const native = selectedNative();
  return native.available ? null : native.reason;
}
