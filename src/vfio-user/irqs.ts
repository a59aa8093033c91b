/** Interrupts of a device as vfio-pci-core tells them: how many of each kind, and which requests about them make sense. */
import { capabilityOffset } from '../device/capability-facts.ts';
import { readWord } from '../pci/config-bytes.ts';
import { PCI_CAP_ID_EXP, PCI_CAP_ID_MSI, PCI_CAP_ID_MSIX } from '../pci/registers.ts';
import { EINVAL, VFIO_PCI_NUM_IRQS } from './constants.ts';

const PCI_INTERRUPT_PIN = 0x3d;
const FLAGS = 2;

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
  const msi = flagsOf(configBytes, PCI_CAP_ID_MSI);
  const msix = flagsOf(configBytes, PCI_CAP_ID_MSIX);
  return [
    { flags: EVENTFD | MASKABLE | AUTOMASKED, count: configBytes[PCI_INTERRUPT_PIN] === 0 ? 0 : 1 },
    { flags: EVENTFD | NORESIZE, count: msi === null ? 0 : 1 << ((msi >> 1) & 7) },
    { flags: EVENTFD | NORESIZE, count: msix === null ? 0 : (msix & 0x7ff) + 1 },
    { flags: EVENTFD | NORESIZE, count: flagsOf(configBytes, PCI_CAP_ID_EXP) === null ? 0 : 1 },
    { flags: EVENTFD | NORESIZE, count: 1 },
  ];
}

/** The word behind id and next pointer of a capability, which all three have; null without it. */
function flagsOf(configBytes: Uint8Array, id: number): number | null {
  const at = capabilityOffset(configBytes, id, FLAGS + 2);
  return at === 0 ? null : readWord(configBytes, at + FLAGS);
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
