// Registers that more than one file names, as <linux/pci_regs.h> does.
#ifndef REGISTERS_H
#define REGISTERS_H

#define PCI_COMMAND 0x04
#define PCI_COMMAND_IO 0x1u
#define PCI_COMMAND_MEMORY 0x2u

#endif
