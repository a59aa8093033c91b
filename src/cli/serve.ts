/** `barometer serve`: the device over the vfio-user protocol, or over that of QEMU's proxy device. */
import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import { type DeviceFlags, specFromFlags } from '../device/device-flags.ts';
import { EXIT, UsageError } from '../errors.ts';
import { serveProxy } from '../qemu-proxy/proxy-link.ts';
import { ProxySession } from '../qemu-proxy/proxy-session.ts';
import { openServed, SERVED_IMPLEMENTATIONS } from '../vfio-user/open-served.ts';
import type { ServedDevice } from '../vfio-user/served-device.ts';
import { VfioUserServer } from '../vfio-user/server.ts';
import { Session } from '../vfio-user/session.ts';
import { namesOf } from './device-option.ts';
import { RecordFile } from './record-file.ts';

/** Longest path of a socket that Linux takes, its NUL left out (sun_path in unix(7)). */
const MOST_PATH_BYTES = 107;
/** On which QEMU's multi-process protocol is spoken. */
const PROXY_FD = 3;

export interface ServeFlags extends DeviceFlags {
  readonly socket?: string;
  /** QEMU's multi-process protocol, on a socket that this process was given. */
  readonly proxy?: boolean;
  readonly impl: string;
  readonly once?: boolean;
  readonly record?: string;
  readonly quiet?: boolean;
}

/** What is served, and what is said of it. */
interface Service {
  readonly name: string;
  readonly open: () => ServedDevice;
  readonly recordPath: string | undefined;
  readonly say: (text: string) => void;
}

/** Returns the exit code, once it has been told to end. @throws UsageError for bad input */
export async function serve(flags: ServeFlags): Promise<number> {
  const path = flags.proxy ? null : socketPath(flags.socket);
  if (flags.proxy) expectProxySocket(flags);
  const implementations = namesOf(flags.impl, SERVED_IMPLEMENTATIONS, '--impl');
  if (implementations.length > 1) throw new UsageError(`--impl ${flags.impl}: expected one implementation`);
  const implementation = implementations[0]!;
  const open = () => openServed(specFromFlags(flags), implementation);
  // What is wrong with it is said before anybody comes.
  open();
  const service: Service = {
    name: `${flags.device} in ${implementation}`,
    open,
    recordPath: flags.record,
    say: (text) => {
      if (!flags.quiet) process.stdout.write(`${text}\n`);
    },
  };
  if (path === null) await serveQemu(service);
  else await serveSocket(path, flags.once ?? false, service);
  return EXIT.ok;
}

async function serveSocket(path: string, once: boolean, service: Service): Promise<void> {
  const { name, open, recordPath, say } = service;
  let record: RecordFile | null = null;
  const newSession = () => new Session(open(), record?.recorder ?? null);
  const server = new VfioUserServer({ path, newSession, once, say });
  const close = () => server.close();
  try {
    await server.listen();
    // Not before: that of a server which is there already is not ours. No client is accepted in between.
    if (recordPath !== undefined) record = new RecordFile(recordPath);
    await untilTold(close, async () => {
      say(`serving ${name} on ${path}; Ctrl-C ends it`);
      await server.ended();
    });
  } finally {
    server.close();
    record?.close();
  }
}

async function serveQemu({ name, open, recordPath, say }: Service): Promise<void> {
  const record = recordPath === undefined ? null : new RecordFile(recordPath);
  // Not before: what has gone wrong by then ends this process, and QEMU sees that.
  const socket = new Socket({ fd: PROXY_FD });
  try {
    await untilTold(
      () => socket.destroy(),
      async () => {
        say(`serving ${name} to QEMU's proxy on file descriptor ${PROXY_FD}; Ctrl-C ends it`);
        await serveProxy(socket, new ProxySession(open(), record?.recorder ?? null));
      },
    );
  } finally {
    socket.destroy();
    record?.close();
  }
}

/** Works until it is done, or a signal has closed it. */
async function untilTold(close: () => void, work: () => Promise<void>): Promise<void> {
  process.on('SIGINT', close);
  process.on('SIGTERM', close);
  try {
    await work();
  } finally {
    process.off('SIGINT', close);
    process.off('SIGTERM', close);
  }
}

function socketPath(path: string | undefined): string {
  if (path === undefined) throw new UsageError('serve: expected --socket PATH, or --proxy');
  const bytes = Buffer.byteLength(path);
  if (bytes > 0 && bytes <= MOST_PATH_BYTES) return path;
  throw new UsageError(
    `--socket ${JSON.stringify(path)}: expected a path of 1 to ${MOST_PATH_BYTES} bytes, got ${bytes}`,
  );
}

function expectProxySocket({ socket, once }: ServeFlags): void {
  if (socket !== undefined) throw new UsageError(`--socket ${socket}: expected no path with --proxy`);
  if (once) throw new UsageError('--once: expected without --proxy, which ends with QEMU anyway');
  if (!isSocket(PROXY_FD)) {
    throw new UsageError(
      `--proxy: file descriptor ${PROXY_FD} is no socket; expected one end of a socket pair there, whose other end QEMU has as x-pci-proxy-dev,fd=N`,
    );
  }
}

function isSocket(fd: number): boolean {
  try {
    return fstatSync(fd).isSocket();
  } catch {
    return false;
  }
}
