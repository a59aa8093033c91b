/** Messages of QEMU's proxy, byte by byte from its header file, and replies to them. */

export function message(command: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(command, 0);
  header.writeBigUInt64LE(BigInt(payload.length), 8);
  return Buffer.concat([header, payload]);
}

export function configRead(address: number, length: number): Buffer {
  return message(3, configAccess(address, 0, length));
}

export function configWrite(address: number, value: number, length: number): Buffer {
  return message(2, configAccess(address, value, length));
}

export function barRead(address: bigint, size: number, isMemory = true): Buffer {
  return message(5, barAccess(address, 0n, size, isMemory));
}

export function barWrite(address: bigint, value: bigint, size: number, isMemory = true): Buffer {
  return message(4, barAccess(address, value, size, isMemory));
}

export const SYNC_SYSMEM = message(0, Buffer.alloc(192));
export const SET_IRQFD = message(6);
export const RESET = message(7);

function configAccess(address: number, value: number, length: number): Buffer {
  const payload = Buffer.alloc(12);
  payload.writeUInt32LE(address, 0);
  payload.writeUInt32LE(value, 4);
  payload.writeInt32LE(length, 8);
  return payload;
}

function barAccess(address: bigint, value: bigint, size: number, isMemory: boolean): Buffer {
  const payload = Buffer.alloc(24);
  payload.writeBigUInt64LE(address, 0);
  payload.writeBigUInt64LE(value, 8);
  payload.writeUInt32LE(size, 16);
  payload.writeUInt8(isMemory ? 1 : 0, 20);
  return payload;
}

/** Of a whole reply. */
export function returned(reply: Uint8Array): bigint {
  const bytes = Buffer.from(reply);
  if (bytes.length !== 24 || bytes.readInt32LE(0) !== 1 || bytes.readBigUInt64LE(8) !== 8n)
    throw new Error(`no reply: ${bytes.toString('hex')}`);
  return bytes.readBigUInt64LE(16);
}
