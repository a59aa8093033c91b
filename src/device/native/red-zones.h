// Bytes that no access of the core may touch, told to AddressSanitizer: linear memory is one range to it, so that it
// would not see a table left for its neighbour. Only builds with BAROMETER_SANITIZER have them.
//
// Poisoned: the unused first bytes of linear memory, the second half of each gap between two tables of the state
// block (decoding a malformed capability at the end of a table may read a few zero bytes of the first half), and the
// gap behind READINESS_CHECKED. Not caught: an overrun of up to 64 bytes, one that jumps over a gap, and one from the last
// table, the regions or a frame into what lies behind it.
#ifndef RED_ZONES_H
#define RED_ZONES_H

#include "state.h"

#ifdef BAROMETER_SANITIZER
#include <sanitizer/asan_interface.h>

#define TABLE_BYTES 4096
#define TABLES 5
#define RED_ZONE_BYTES 64
#define FIRST_ADDRESS 64

/** JavaScript and other code of the process may touch these bytes, so they are poisoned during a call only. */
static inline void setRedZones(const struct Device *device, bool poisoned) {
  void (*const set)(void const volatile *, size_t) =
      poisoned ? __asan_poison_memory_region : __asan_unpoison_memory_region;
  set(device->memory, FIRST_ADDRESS);
  for (uint32_t table = 0; table + 1 < TABLES; table++) {
    set(device->state + (table + 1) * CONFIG_WRITABLE - RED_ZONE_BYTES, RED_ZONE_BYTES);
  }
  set(device->state + READINESS_CHECKED + 4, EMULATED_BAR_SIZES - READINESS_CHECKED - 4);
}
#else
static inline void setRedZones(const struct Device *device, bool poisoned) {
  (void)device;
  (void)poisoned;
}
#endif

#endif
