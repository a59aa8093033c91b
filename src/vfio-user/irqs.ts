/** Interrupts of a device as vfio-pci-core tells them: how many of each kind, and which requests about them make sense. */
import { decodeCapabilities } from '../pci/capabilities.ts';
import { readWord } from '../pci/config-bytes.ts';
import { PCI_CAP_ID_EXP, PCI_CAP_ID_MSI, PCI_CAP_ID_MSIX } from '../pci/registers.ts';
import { EINVAL, VFIO_PCI_NUM_IRQS } from './constants.ts';

const PCI_INTERRUPT_PIN = 0x3d;
const PCI_MSI_FLAGS = 2;
const PCI_MSIX_FLAGS = 2;

const EVENTFD = 1;
const MASKABLE = 2;
const AUTOMASKED = 4;
const NORESIZE = 8;

export interface IrqInfo {
  readonly flags: number;
  readonly count: number;
}

/** By index: INTx, MSI, MSI-X, ERR, REQ. Source: vfio_pci_get_irq_count and VFIO_DEVICE_GET_IRQ_INFO in vfio_pci_core.c. */
export function irqInfos(configBytes: Uint8Array): IrqInfo[] {
  const entries = decodeCapabilities(configBytes).entries;
  const flagsAt = (id: number, at: number) => {
    const found = entries.find((entry) => entry.id === id);
    return found ? readWord(configBytes, found.offset + at) : null;
  };
  const msi = flagsAt(PCI_CAP_ID_MSI, PCI_MSI_FLAGS);
  const msix = flagsAt(PCI_CAP_ID_MSIX, PCI_MSIX_FLAGS);
  return [
    { flags: EVENTFD | MASKABLE | AUTOMASKED, count: configBytes[PCI_INTERRUPT_PIN] === 0 ? 0 : 1 },
    { flags: EVENTFD | NORESIZE, count: msi === null ? 0 : 1 << ((msi >> 1) & 7) },
    { flags: EVENTFD | NORESIZE, count: msix === null ? 0 : (msix & 0x7ff) + 1 },
    { flags: EVENTFD | NORESIZE, count: entries.some(({ id }) => id === PCI_CAP_ID_EXP) ? 1 : 0 },
    { flags: EVENTFD | NORESIZE, count: 1 },
  ];
}

/** Bytes before the data of SET_IRQS: argsz, flags, index, start, count. */
const SET_IRQS_BYTES = 20;
const DATA_NONE = 1;
const DATA_BOOL = 2;
const DATA_EVENTFD = 4;
const DATA_TYPES = DATA_NONE | DATA_BOOL | DATA_EVENTFD;
const ACTION_MASK = 8;
const ACTION_UNMASK = 16;
const ACTION_TRIGGER = 32;
const ACTIONS = [ACTION_MASK, ACTION_UNMASK, ACTION_TRIGGER];

/**
 * Whether a SET_IRQS is one that VFIO takes: 0, or an error number. Nothing comes of it: without file descriptors there is
 * nobody to be told of an interrupt.
 */
export function checkSetIrqs(payload: Uint8Array, infos: readonly IrqInfo[]): number {
  if (payload.length < SET_IRQS_BYTES) return EINVAL;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const [argsz, flags, index, start, count] = [0, 4, 8, 12, 16].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const dataType = flags & DATA_TYPES;
  const isOneType = dataType === DATA_NONE || dataType === DATA_BOOL || dataType === DATA_EVENTFD;
  if (argsz < SET_IRQS_BYTES || !isOneType || !ACTIONS.includes(flags - dataType)) return EINVAL;
  if (index >= VFIO_PCI_NUM_IRQS) return EINVAL;
  if (start + count > infos[index]!.count) return EINVAL;
  // Eventfds come beside the message.
  const dataBytes = dataType === DATA_BOOL ? count : 0;
  return payload.length - SET_IRQS_BYTES < dataBytes ? EINVAL : 0;
}
