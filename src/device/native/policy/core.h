// vfio-pci-core's permission bits and BAR virtualisation (device.md 2.3 to 2.7), folded.
// Hardware behind it: with a PCI Express capability as section 7.1 says; without one, plain storage.
#ifndef POLICY_CORE_H
#define POLICY_CORE_H

#include <stdint.h>

/** No return value of a request: a variant driver leaves it to the core. */
#define FOR_CORE (-1)

static void foldCore(uint8_t *s);
/** vfio_bar_fixup: run before a read that touches a BAR or the ROM, when one was written since. */
static void lazyBarFixup(uint8_t *s, uint32_t offset, uint32_t count);

#endif
