/** The socket of one client: its messages go to a session, replies go back, and neither piles up. */
import type { Socket } from 'node:net';
import { encodeErrorReply } from './codec.ts';
import { EBUSY } from './constants.ts';
import { MessageSplitter } from './framing.ts';
import { Session } from './session.ts';

/** Replies that wait for the client to read them; requests wait beyond. */
const MOST_WAITING_BYTES = 4 * 2 ** 20;
/** For a client to say something, and to go when it has to. */
const DEADLINE_MS = 5000;

export interface ClientEvents {
  /** Its first message has come, and waits. */
  onFirst(): void;
  /** It is served no more; its socket may be there for a while. */
  onGone(): void;
  onClosed(): void;
  /** Something that is no fault of the client. */
  onFailure(error: Error): void;
}

export class Client {
  /** Why it had to go, or went when it should not have; null while there is nothing to say. */
  why: string | null = null;
  private readonly socket: Socket;
  private readonly events: ClientEvents;
  private readonly splitter = new MessageSplitter(Session.mostMessageBytes);
  private session: Session | null = null;
  /** Copies of messages that came while it was not served, or while replies waited to be read. */
  private waiting: Uint8Array[] = [];
  private hasEnded = false;
  private isGone = false;
  private deadline: NodeJS.Timeout | null;

  constructor(socket: Socket, events: ClientEvents) {
    this.socket = socket;
    this.events = events;
    this.deadline = setTimeout(() => socket.destroy(), DEADLINE_MS);
    socket.on('error', () => {}); // a client that is gone is no failure
    socket.on('data', (chunk: Buffer) => this.guarded(() => this.take(chunk)));
    socket.on('drain', () => this.guarded(() => this.goOn()));
    socket.on('end', () => this.guarded(() => this.endWith()));
    socket.on('close', () => {
      this.keepDeadline(null);
      this.goneNow();
      events.onClosed();
    });
  }

  /** From now on its messages are answered. */
  serve(session: Session): void {
    this.keepDeadline(null);
    this.session = session;
    this.goOn();
  }

  /** Says that another one is being served. */
  refuse(): void {
    const [first] = this.waiting;
    const messageId = first ? first[0]! | (first[1]! << 8) : 0;
    const command = first ? first[2]! | (first[3]! << 8) : 0;
    this.socket.write(encodeErrorReply({ messageId, command, errno: EBUSY }));
    this.leave('another client was served');
  }

  destroy(): void {
    this.socket.destroy();
  }

  private take(chunk: Uint8Array): void {
    if (this.why !== null) return;
    const isFirst = this.session === null && this.waiting.length === 0;
    const malformed = this.splitter.push(chunk, (message) => this.put(message));
    if (isFirst && this.waiting.length > 0) {
      // What follows stays in the socket until it is served.
      this.socket.pause();
      this.events.onFirst();
    }
    this.answer();
    if (malformed) this.leave(malformed.error);
  }

  private put(message: Uint8Array): void {
    const { session, socket } = this;
    if (session === null || this.waiting.length > 0 || socket.writableLength > MOST_WAITING_BYTES) {
      this.waiting.push(new Uint8Array(message));
      return;
    }
    session.handle(message);
    if (session.replies.sizeBytes > MOST_WAITING_BYTES) this.answer();
  }

  /** With what waits, once it may. */
  private goOn(): void {
    if (this.session === null || this.why !== null) return;
    this.socket.resume();
    const waiting = this.waiting;
    this.waiting = [];
    for (const message of waiting) this.put(message);
    this.answer();
    if (this.hasEnded) this.endWith();
  }

  private answer(): void {
    const { session, socket } = this;
    if (session === null) return;
    session.flush();
    if (session.replies.sizeBytes > 0 && !socket.write(session.replies.take())) socket.pause();
    if (session.fault !== null) this.leave(session.fault);
  }

  /** It will say no more: it goes once it has its answers. */
  private endWith(): void {
    this.hasEnded = true;
    if (this.waiting.length > 0) return;
    if (this.splitter.isInside) this.why ??= 'in the middle of a message';
    this.socket.end();
  }

  /** Nothing of it is done any more; it has a while to read what it was told. */
  private leave(why: string): void {
    this.why ??= why;
    this.waiting = [];
    this.socket.end();
    this.socket.resume();
    this.keepDeadline(setTimeout(() => this.socket.destroy(), DEADLINE_MS));
    this.goneNow();
  }

  private goneNow(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.events.onGone();
  }

  private keepDeadline(deadline: NodeJS.Timeout | null): void {
    if (this.deadline) clearTimeout(this.deadline);
    this.deadline = deadline;
  }

  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.socket.destroy();
      this.events.onFailure(error as Error);
    }
  }
}
