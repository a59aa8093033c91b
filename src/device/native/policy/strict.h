// What PCIe 7.5.1.2.1 asks and no more (device.md 1.11b), with the registers of section 7.1.
#ifndef POLICY_STRICT_H
#define POLICY_STRICT_H

#include <stdint.h>

/** Bits of COMMAND that PCI Express lets software write: I/O, memory, master, parity, SERR, INTx disable. */
#define COMMAND_WRITABLE 0x0547
/** Error bits 15:11 and 8 of STATUS and secondary status are RW1C. */
#define STATUS_W1C 0xf900
#define BIST_CAPABLE 0x80

static void foldStrict(uint8_t *s);

#endif
