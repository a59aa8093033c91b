/** QEMU at the other end of a socket. */
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { BarometerError } from '../errors.ts';
import { MessageSplitter } from '../vfio-user/framing.ts';
import { HEADER_BYTES, HEADER_SIZE } from './constants.ts';
import { ProxySession } from './proxy-session.ts';

/**
 * Answers until QEMU closes its end.
 * @throws BarometerError where something else than QEMU's messages comes; what the session throws
 */
export async function serveProxy(socket: Duplex, session: ProxySession): Promise<void> {
  const splitter = new MessageSplitter(ProxySession.mostMessageBytes, sizeOf);
  try {
    for await (const chunk of socket as AsyncIterable<Uint8Array>) {
      const replies: Uint8Array[] = [];
      const malformed = splitter.push(chunk, (message) => {
        const reply = session.fault === null ? session.handle(message) : null;
        if (reply) replies.push(reply);
      });
      if (replies.length > 0 && !socket.write(Buffer.concat(replies))) await once(socket, 'drain');
      const fault = session.fault ?? malformed?.error ?? null;
      if (fault !== null) throw new BarometerError(`QEMU's proxy: ${fault}`);
    }
  } catch (error) {
    // QEMU that is killed leaves its end broken, which is an end like any other.
    if (!isBroken(error)) throw error;
  } finally {
    socket.destroy();
  }
}

function isBroken(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function sizeOf(bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEADER_BYTES);
  return HEADER_BYTES + Number(view.getBigUint64(HEADER_SIZE, true));
}
