import type { WidthBytes } from '../../types.ts';
import type { ConfigAccess, ConfigPort } from './config-port.ts';
import type { RecordedSizing } from './record-sizing.ts';
import type { SizedFunction, Sizer } from './sizing.ts';

/** Registers that answer later: those of a device behind a socket. */
export interface RemoteConfigPort {
  /** 0 to 2^32 - 1. */
  read(offset: number, width: WidthBytes): Promise<number>;
  write(offset: number, width: WidthBytes, value: number): Promise<void>;
}

/**
 * As `recordSizing`, on registers that answer later. A sizer cannot wait; but all that it knows of the device is what
 * it has read, so it is run from its start again for each access, on the answers so far: some sixty times a few
 * microseconds, beside as many round trips.
 * @throws what the port throws
 */
export async function recordRemoteSizing(
  port: RemoteConfigPort,
  fn: SizedFunction,
  sizer: Sizer,
): Promise<RecordedSizing> {
  const accesses: ConfigAccess[] = [];
  for (;;) {
    try {
      return { sizing: sizer.size(new AnsweredPort(accesses), fn), accesses };
    } catch (thrown) {
      if (!(thrown instanceof Unanswered)) throw thrown;
      accesses.push(await made(port, thrown.access));
    }
  }
}

async function made(port: RemoteConfigPort, access: ConfigAccess): Promise<ConfigAccess> {
  const { kind, offset, width, value } = access;
  if (kind === 'read') return { ...access, value: await port.read(offset, width) };
  await port.write(offset, width, value);
  return access;
}

/** Is thrown through the sizer, which catches nothing: the access that comes next. */
class Unanswered {
  readonly access: ConfigAccess;

  constructor(access: ConfigAccess) {
    this.access = access;
  }
}

/** Knows the first accesses and their answers. */
class AnsweredPort implements ConfigPort {
  private readonly answered: readonly ConfigAccess[];
  private accessIdx = 0;

  constructor(answered: readonly ConfigAccess[]) {
    this.answered = answered;
  }

  read(offset: number, width: WidthBytes): number {
    return this.answer({ kind: 'read', offset, width, value: 0 });
  }

  write(offset: number, width: WidthBytes, value: number): void {
    this.answer({ kind: 'write', offset, width, value });
  }

  private answer(access: ConfigAccess): number {
    const known = this.answered[this.accessIdx++];
    if (known === undefined) throw new Unanswered(access);
    if (known.kind !== access.kind || known.offset !== access.offset || known.width !== access.width) {
      throw new Error(`a sizer does not repeat itself: ${describe(known)}, then ${describe(access)}`);
    }
    return known.value;
  }
}

function describe({ kind, offset, width }: ConfigAccess): string {
  return `${kind} of ${width} bytes at 0x${offset.toString(16)}`;
}
