/** A device behind a Unix socket, for one client at a time (specification 8.2). */
import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, lstatSync, renameSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { BarometerError } from '../errors.ts';
import { Client } from './client-connection.ts';
import { pipeName } from './pipe-name.ts';
import type { Session } from './session.ts';

/** For the owner alone. */
const UMASK = 0o177;
/** For a client that comes while the one before it is on its way out. */
const PATIENCE_MS = 250;
/** Of clients that have said nothing yet, or wait. */
const MOST_WAITING = 16;

export interface ServerOptions {
  readonly path: string;
  /** Of a client that is served: each finds a device that nobody has used. */
  readonly newSession: () => Session;
  /** Whether the server ends with the first client that it has served. */
  readonly once: boolean;
  /** Is told of what happens, in words for people. */
  readonly say: (text: string) => void;
}

export class VfioUserServer {
  private readonly options: ServerOptions;
  private readonly server: Server;
  private readonly clients = new Set<Client>();
  /** The one that is served. */
  private served: Client | null = null;
  /** Those that have said something while another one was served. */
  private queue: Client[] = [];
  private failure: Error | null = null;
  private readonly end = Promise.withResolvers<void>();

  constructor(options: ServerOptions) {
    this.options = options;
    // Who has said all that it will still wants its answers.
    this.server = createServer({ allowHalfOpen: true }, (socket) => this.accept(socket));
    this.server.on('close', () => this.end.resolve());
  }

  /**
   * Settled when it listens.
   * @throws BarometerError where something else is at that path, or nothing can be put there
   */
  async listen(): Promise<void> {
    const { path } = this.options;
    try {
      await makeRoom(path);
      await new Promise<void>((resolve, reject) => {
        this.server.once('error', (error: NodeJS.ErrnoException) => {
          reject(new BarometerError(`cannot listen on ${path}: ${error.code}`));
        });
        // The socket is made before `listen` returns.
        const before = process.umask(UMASK);
        this.server.listen(pipeName(path), resolve);
        process.umask(before);
      });
    } catch (error) {
      this.end.resolve();
      throw error;
    }
  }

  /** Settled when the last client is gone, and the socket with it. @throws what a session threw */
  async ended(): Promise<void> {
    await this.end.promise;
    if (this.failure) throw this.failure;
  }

  /** Ends it, and whoever is connected. */
  close(): void {
    this.server.close();
    for (const client of this.clients) client.destroy();
  }

  private accept(socket: Socket): void {
    if (this.clients.size > MOST_WAITING) {
      socket.destroy();
      return;
    }
    const client = new Client(socket, {
      onFirst: () => this.admit(client),
      onGone: () => this.forget(client),
      onClosed: () => this.clients.delete(client),
      onFailure: (error) => this.fail(error),
    });
    this.clients.add(client);
  }

  /** Serves it now, or when the one before it has gone; says that it cannot where that takes long. */
  private admit(client: Client): void {
    if (this.served === null) {
      this.serve(client);
      return;
    }
    this.queue.push(client);
    setTimeout(() => {
      if (!this.queue.includes(client)) return;
      this.queue = this.queue.filter((one) => one !== client);
      this.options.say('a second client was refused');
      client.refuse();
    }, PATIENCE_MS);
  }

  private serve(client: Client): void {
    this.served = client;
    this.options.say('a client came');
    try {
      client.serve(this.options.newSession());
    } catch (error) {
      this.fail(error as Error);
    }
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.close();
  }

  private forget(client: Client): void {
    this.queue = this.queue.filter((one) => one !== client);
    if (this.served !== client) return;
    this.served = null;
    this.options.say(`the client left${client.why === null ? '' : `: ${client.why}`}`);
    if (this.options.once) this.close();
    const next = this.queue.shift();
    if (next && this.server.listening) this.serve(next);
  }
}

/** Removes a socket that nobody listens on any more. @throws BarometerError where anything else is there */
async function makeRoom(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  if (!found) return;
  if (!found.isSocket())
    throw new BarometerError(`${path} is there, and is no socket; expected a path of nothing yet`);
  const code = await connectingFails(path);
  if (code === null) throw new BarometerError(`${path} is served already; expected another path`);
  if (code !== 'ECONNREFUSED') throw new BarometerError(`${path} cannot be taken: ${code}`);
  // Another server may have put its own there since: it is put aside, and looked at before it goes.
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    throw new BarometerError(`${path} cannot be taken: ${(error as NodeJS.ErrnoException).code}`);
  }
  const moved = lstatSync(aside, { bigint: true });
  const isSame = moved.ino === found.ino && moved.mtimeNs === found.mtimeNs;
  if (!isSame && !existsSync(path)) linkSync(aside, path);
  unlinkSync(aside);
  if (!isSame) throw new BarometerError(`${path} is served already; expected another path`);
}

/** Why nobody answers there; null where somebody does. */
function connectingFails(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(pipeName(path));
    socket.on('connect', () => {
      socket.destroy();
      resolve(null);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}
