/** Accesses in the form of QEMU's trace lines (specification 5.5). */
import { VFIO_PCI_CONFIG_REGION_INDEX } from './constants.ts';

/** Each byte of a read that the device refuses, as the bus answers it. */
export const REFUSED = 0xff;
/** What it calls the device: workload/qemu-answers.ts knows a record by it. */
const DEVICE = 'vfio-user';
/** Of an access whose value is a number in the log: QEMU's configuration events have 32 bits for it. */
const MOST_VALUE_BYTES = 8;
const MOST_CONFIG_VALUE_BYTES = 4;
/** Text that waits for a place to go. */
const MOST_WAITING_CHARS = 2 ** 20;

export class AccessRecorder {
  private readonly write: (text: string) => void;
  private waiting: string[] = [];
  private waitingChars = 0;

  /** @param write puts text where it stays; its errors come out of `flush` and `access` */
  constructor(write: (text: string) => void) {
    this.write = write;
  }

  /** One that reached the device: a write that it took in part has changed it. @param data what was read or written */
  access(isWrite: boolean, region: number, offset: number, data: Uint8Array): void {
    const isConfig = region === VFIO_PCI_CONFIG_REGION_INDEX;
    if (data.length > (isConfig ? MOST_CONFIG_VALUE_BYTES : MOST_VALUE_BYTES))
      this.put(bytesLine(isWrite, region, offset, data));
    else if (isConfig) this.put(configLine(isWrite, offset, data));
    else this.put(regionLine(isWrite, region, offset, data));
  }

  reset(): void {
    this.put(`vfio_pci_reset_flr ${DEVICE} FLR/VFIO_DEVICE_RESET\n`);
  }

  /** Before anything of it is acknowledged. */
  flush(): void {
    if (this.waiting.length === 0) return;
    const text = this.waiting.join('');
    this.waiting = [];
    this.waitingChars = 0;
    this.write(text);
  }

  private put(line: string): void {
    this.waiting.push(line);
    this.waitingChars += line.length;
    if (this.waitingChars > MOST_WAITING_CHARS) this.flush();
  }
}

/** QEMU has no event for what is longer than a register: bytes in the order of memory. */
function bytesLine(isWrite: boolean, region: number, offset: number, data: Uint8Array): string {
  const name = isWrite ? 'barometer_write_bytes' : 'barometer_read_bytes';
  const hex = Buffer.from(data.buffer, data.byteOffset, data.length).toString('hex');
  return `${name}  (${DEVICE}:region${region}+0x${offset.toString(16)}, ${data.length}) = ${hex}\n`;
}

function configLine(isWrite: boolean, offset: number, data: Uint8Array): string {
  const [at, length] = [offset.toString(16), data.length.toString(16)];
  const value = hexOf(data);
  return isWrite
    ? `vfio_pci_write_config  (${DEVICE}, @0x${at}, 0x${value}, len=0x${length})\n`
    : `vfio_pci_read_config  (${DEVICE}, @0x${at}, len=0x${length}) 0x${value}\n`;
}

function regionLine(isWrite: boolean, region: number, offset: number, data: Uint8Array): string {
  const place = `${DEVICE}:region${region}+0x${offset.toString(16)}`;
  return isWrite
    ? `vfio_region_write  (${place}, 0x${hexOf(data)}, ${data.length})\n`
    : `vfio_region_read  (${place}, ${data.length}) = 0x${hexOf(data)}\n`;
}

/** The value of bytes, the last of which is the highest, without zeros before it. */
function hexOf(data: Uint8Array): string {
  let text = '';
  for (let i = data.length - 1; i >= 0; i--) text += data[i]!.toString(16).padStart(2, '0');
  return text.replace(/^0+(?=.)/, '');
}
