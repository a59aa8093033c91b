/** A device behind a Unix socket, for one client at a time (specification 8.2). */
import { lstatSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { BarometerError } from '../errors.ts';
import { encodeErrorReply } from './codec.ts';
import { EBUSY, HEADER_BYTES } from './constants.ts';
import { MessageSplitter } from './framing.ts';
import { Session } from './session.ts';

/** For the owner alone. */
const UMASK = 0o177;
/** Replies that wait for the client to read them; requests wait beyond. */
const MOST_WAITING_BYTES = 4 * 2 ** 20;
/** For a client that is one too many to say something to which it can be answered. */
const REFUSAL_MS = 1000;

export interface ServerOptions {
  readonly path: string;
  readonly newSession: () => Session;
  /** Whether the server ends with its first client. */
  readonly once: boolean;
  /** Is told of what happens, in words for people. */
  readonly say: (text: string) => void;
}

export class VfioUserServer {
  private readonly options: ServerOptions;
  private readonly server: Server;
  private client: Client | null = null;
  private failure: Error | null = null;
  private readonly end = Promise.withResolvers<void>();

  constructor(options: ServerOptions) {
    this.options = options;
    this.server = createServer((socket) => this.accept(socket));
  }

  /**
   * Settled when it listens.
   * @throws BarometerError where something else is at that path, or nothing can be put there
   */
  async listen(): Promise<void> {
    const { path } = this.options;
    await makeRoom(path);
    const before = process.umask(UMASK);
    try {
      await new Promise<void>((resolve, reject) => {
        this.server.once('error', reject);
        // The socket is made before this returns.
        this.server.listen(path, resolve);
      });
    } catch (error) {
      throw new BarometerError(`cannot listen on ${path}: ${(error as NodeJS.ErrnoException).code}`);
    } finally {
      process.umask(before);
    }
    this.server.on('close', () => this.end.resolve());
  }

  /** Settled when the last client is gone, and the socket with it. @throws what a session threw */
  async ended(): Promise<void> {
    await this.end.promise;
    if (this.failure) throw this.failure;
  }

  /** Ends it, its client too. */
  close(): void {
    this.server.close();
    this.client?.socket.destroy();
  }

  private accept(socket: Socket): void {
    socket.on('error', () => {}); // a client that is gone is no failure
    if (this.client) {
      this.options.say('a second client was refused');
      refuse(socket);
      return;
    }
    const client = new Client(socket, this.options.newSession());
    this.client = client;
    this.options.say('a client came');
    client.start((error) => {
      this.failure ??= error;
      this.options.say(`failed: ${error.message}`);
      this.close();
    });
    socket.on('close', () => {
      this.client = null;
      this.options.say(`the client left${client.why === null ? '' : `: ${client.why}`}`);
      if (this.options.once) this.close();
    });
  }
}

/** A socket and its session. */
class Client {
  readonly socket: Socket;
  /** What the client did wrong, if anything. */
  why: string | null = null;
  private readonly session: Session;
  private readonly splitter = new MessageSplitter(Session.mostMessageBytes);
  /** What came while replies waited to be read. */
  private waiting: Uint8Array[] = [];

  constructor(socket: Socket, session: Session) {
    this.socket = socket;
    this.session = session;
  }

  /** @param onFailure is told what is no fault of the client */
  start(onFailure: (error: Error) => void): void {
    const guarded = (work: () => void) => {
      try {
        work();
      } catch (error) {
        this.socket.destroy();
        onFailure(error as Error);
      }
    };
    this.socket.on('data', (chunk: Buffer) => guarded(() => this.take(chunk)));
    this.socket.on('drain', () =>
      guarded(() => {
        this.socket.resume();
        const waiting = this.waiting;
        this.waiting = [];
        for (const message of waiting) this.serve(message);
        this.answer();
      }),
    );
    this.socket.on('end', () => {
      if (this.splitter.isInside) this.why = 'in the middle of a message';
    });
  }

  private take(chunk: Uint8Array): void {
    const malformed = this.splitter.push(chunk, (message) => this.serve(message));
    this.answer();
    if (malformed) this.leave(malformed.error);
  }

  /** Messages wait in copies once too many replies do. */
  private serve(message: Uint8Array): void {
    const { session, socket } = this;
    if (this.waiting.length > 0 || socket.writableLength > MOST_WAITING_BYTES) {
      this.waiting.push(message.slice());
      return;
    }
    session.handle(message);
    if (session.replies.sizeBytes > MOST_WAITING_BYTES) this.answer();
  }

  private answer(): void {
    const { session, socket } = this;
    session.flush();
    if (session.replies.sizeBytes > 0 && !socket.write(session.replies.take())) socket.pause();
    if (session.fault !== null) this.leave(session.fault);
  }

  private leave(why: string): void {
    this.why ??= why;
    this.socket.end();
  }
}

/** Says that somebody else is being served, once the client has said what it can be told in reply to. */
function refuse(socket: Socket): void {
  socket.setTimeout(REFUSAL_MS, () => socket.destroy());
  socket.once('data', (chunk: Buffer) => {
    if (chunk.length < HEADER_BYTES) return socket.destroy();
    const [messageId, command] = [chunk.readUInt16LE(0), chunk.readUInt16LE(2)];
    return socket.end(encodeErrorReply({ messageId, command, errno: EBUSY }));
  });
}

/** Removes a socket that nobody listens on any more. @throws BarometerError where anything else is there */
async function makeRoom(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isSocket())
    throw new BarometerError(`${path} is there, and is no socket; expected a path of nothing yet`);
  if (await isServed(path)) throw new BarometerError(`${path} is served already; expected another path`);
  unlinkSync(path);
}

function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
