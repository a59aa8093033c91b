/**
 * A program: the least of a server in Node, to hold ours against. It answers each message with as many bytes as a
 * vfio-user server would, and looks at nothing else. Argument: path of the socket. For clients with one request at a time.
 */
import { createServer } from 'node:net';

const HEADER_BYTES = 16;
const ACCESS_BYTES = 16;
const VERSION_BYTES = 20;
const COMMAND = 2;
const COUNT = HEADER_BYTES + 12;
const REGION_READ = 9;

/** By size: its header says that size, and no error. */
const replies = new Map<number, Buffer>();

function replyOf(sizeBytes: number): Buffer {
  const found = replies.get(sizeBytes);
  if (found) return found;
  const reply = Buffer.alloc(sizeBytes);
  reply.writeUInt32LE(sizeBytes, 4);
  reply.writeUInt32LE(1, 8);
  replies.set(sizeBytes, reply);
  return reply;
}

function sizeOfReply(message: Buffer): number {
  if (message.length === VERSION_BYTES) return VERSION_BYTES;
  const data = message[COMMAND] === REGION_READ ? message.readUInt32LE(COUNT) : 0;
  return HEADER_BYTES + ACCESS_BYTES + data;
}

createServer((socket) => {
  socket.on('data', (message: Buffer) => socket.write(replyOf(sizeOfReply(message))));
  socket.on('error', () => {}); // a client that is gone is no failure
}).listen(process.argv[2], () => process.stdout.write('listening\n'));
