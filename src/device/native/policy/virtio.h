// The virtio variant driver on top of vfio-pci-core (device.md 4): a virtual function shows itself as a transitional
// virtio-net device with an I/O BAR 0. As landed (policy virtio) that BAR is a masked buffer, so it is folded like any
// I/O BAR of 32 bytes: deviceSpec lists it among the BARs. The two posted versions show a constant and store nothing.
#ifndef POLICY_VIRTIO_H
#define POLICY_VIRTIO_H

#include "../state.h"

static inline bool isVirtio(uint32_t policy) {
  return policy >= POLICY_VIRTIO_FLAGS;
}

/** Runs after foldCore. The core writes none of the overlaid ids, so constants in the tables are all there is to them. */
static void foldVirtio(uint8_t *s);
/** Any reset: the stored COMMAND is zeroed, the stored BAR is not. */
static void resetVirtio(uint8_t *s);
/**
 * The constant of the two posted versions over what the core read. `virtio-flags` shows it where the request covers the
 * whole dword; `virtio-flags2` on every byte that is met, but always beginning with the constant's first.
 */
static void virtioRead(const uint8_t *s, uint32_t offset, uint32_t count, uint8_t *buffer);
/** What the driver stores of a write. The core sees the write afterwards, and may refuse it: this stays. */
static void virtioWrite(struct Device *device, uint32_t offset, uint32_t count, uint32_t buffer);

// COMMAND.IO reads 1 where the core says so or the stored copy does. The core's own bit is kept in SHADOW_VALUE.

/** Lets the tables show the core's own COMMAND.IO. */
static void hideStoredIo(uint8_t *s);
/** Keeps the core's own COMMAND.IO, and lets the tables show the stored one beside it. */
static void showStoredIo(uint8_t *s);

#endif
