// The nvgrace-gpu variant driver on top of vfio-pci-core (device.md 1.7). It emulates BAR pairs 0x18 (resmem)
// and 0x20 (usemem) as a masked buffer. The driver stores raw bytes and masks each read; masks act bit by bit,
// so storing masked is the same to every reader. A request is served for at most ONE of the two pairs: that is
// the driver's else-if, and the reason why the core's own view of them is kept in the shadow.
#ifndef POLICY_NVGRACE_H
#define POLICY_NVGRACE_H

#include "../state.h"

/** Runs after foldCore: moves what the core shows into the shadow and puts the emulated pairs in its place. */
static void foldNvgrace(uint8_t *s);
/** Zeroes the emulated addresses: at open and on the reset ioctl, not on FLR or hot reset. */
static void resetEmulatedBars(uint8_t *s);
/** A read that meets the resmem pair leaves the usemem pair to the core, whether or not resmem exists. */
static void nvgraceRead(const uint8_t *s, uint32_t offset, uint32_t count, uint8_t *buffer);
/**
 * Takes the bytes of a write that fall into one emulated pair and drops the rest of the request.
 * @returns bytes taken; FOR_CORE where the request belongs to the core
 */
static int32_t nvgraceWrite(struct Device *device, uint32_t offset, uint32_t count, uint32_t buffer);
/** Puts the core's own view of the two pairs in place, or the emulated one back: for a request that the driver passes on whole. */
static void swapShadow(uint8_t *s);

#endif
