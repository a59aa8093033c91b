import * as layout from '../../../assembly/layout.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';

const PCI_COMMAND = 0x04;
const PCI_COMMAND_IO = 1;
const PCI_COMMAND_MEMORY = 2;
const PCI_PM_CTRL = 4;
const PCI_PM_CTRL_STATE_MASK = 3;
const PCI_D3HOT = 3;

/** What the device's registers say about accesses to its regions. */
export class Gates {
  private readonly i32: Int32Array;
  private readonly value8: Uint8Array;
  private readonly virtualFunction: boolean;
  /** Config offset of the power state; 0 without one. */
  private readonly powerStateOffset: number;
  private readonly resetPendingIdx: number;
  private readonly c2cStatusIdx: number;
  private readonly hbmTrainingIdx: number;
  private readonly virtioCommandIdx: number;

  constructor(memory: LinearMemory, stateBlock: number) {
    const field = (offset: number) => memory.view.getUint32(stateBlock + offset, true);
    const powerManagement = field(layout.PM_OFFSET);
    this.i32 = memory.i32;
    this.value8 = memory.u8.subarray(stateBlock + layout.CONFIG_VALUE);
    this.virtualFunction = field(layout.VIRTUAL_FUNCTION) !== 0;
    this.powerStateOffset = powerManagement === 0 ? 0 : powerManagement + PCI_PM_CTRL;
    this.resetPendingIdx = (stateBlock + layout.RESET_PENDING) >>> 2;
    this.c2cStatusIdx = (stateBlock + layout.C2C_STATUS) >>> 2;
    this.hbmTrainingIdx = (stateBlock + layout.HBM_TRAINING) >>> 2;
    this.virtioCommandIdx = (stateBlock + layout.VIRTIO_COMMAND) >>> 2;
  }

  /** vfio_pci_memory_enabled: not in D3hot, and decoding as COMMAND shows it; virtual functions always decode (specification 2.6). */
  memoryEnabled(): boolean {
    const { value8, powerStateOffset } = this;
    if (powerStateOffset !== 0 && (value8[powerStateOffset]! & PCI_PM_CTRL_STATE_MASK) === PCI_D3HOT)
      return false;
    return this.virtualFunction || (value8[PCI_COMMAND]! & PCI_COMMAND_MEMORY) !== 0;
  }

  /** The I/O bit of COMMAND as policy virtio stores it. */
  virtioEnabled(): boolean {
    return (this.i32[this.virtioCommandIdx]! & PCI_COMMAND_IO) !== 0;
  }

  isResetPending(): boolean {
    return this.i32[this.resetPendingIdx] !== 0;
  }

  setResetPending(): void {
    this.i32[this.resetPendingIdx] = 1;
  }

  /**
   * The check of the first access after a reset (specification 1.10): 0, -EIO while memory decoding is off, -ETIME
   * while a register does not read ready. The driver would poll it for 30 s; nothing could change meanwhile, so the
   * model does not wait. A failed check is made again by the next access.
   */
  checkReady(): number {
    const { i32 } = this;
    if (!this.isResetPending()) return 0;
    if (!this.memoryEnabled()) return -layout.EIO;
    const isReady = i32[this.c2cStatusIdx] === layout.READY && i32[this.hbmTrainingIdx] === layout.READY;
    if (!isReady) return -layout.ETIME;
    i32[this.resetPendingIdx] = 0;
    return 0;
  }
}
