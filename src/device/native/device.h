#ifndef DEVICE_H
#define DEVICE_H

#include "state.h"

/**
 * Builds the device that the state block at `stateBlock` describes: folds its policy into the configuration tables
 * and attaches `device` to it. The block holds the hardware's bytes, BARs and regions, its tables zero.
 * @returns false where what it describes is not in linear memory: nothing was changed
 */
static bool build(struct Device *device, uint32_t stateBlock);
/** Attaches to what was built there already. @returns as build */
static bool attach(struct Device *device, uint32_t stateBlock);
/**
 * Resets the device (one of RESET_). Device memory keeps its contents.
 * strict: any reset zeroes what software can write. nvgrace, v13: the reset ioctl alone resets the emulated BARs.
 * virtio: any reset zeroes the stored COMMAND. core: the kernel restores what the reset took, so software sees no
 * change. Where the driver checks readiness (device.md 1.10), it does so at the next access to GPU memory.
 */
static void reset(struct Device *device, uint32_t kind);

#endif
