/** One boot of a guest whose device is in this process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { BarometerError } from '../../errors.ts';
import type { GuestFiles } from './guest-files.ts';
import type { GuestMachine } from './machine.ts';
import { lastLine, runCommand } from './run-command.ts';

export interface BootOptions {
  readonly files: GuestFiles;
  readonly machine: GuestMachine;
  /** Of the guest's first program. */
  readonly script: string;
  /** Static programs that it finds in /bin, by their names there. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** Is told what the serial port says, as it comes. */
  readonly onSerial: (text: string) => void;
}

/** What a timer takes. */
const MOST_TIMER_MS = 2 ** 31 - 1;
/** Of what firmware and kernel may say. */
const MOST_SERIAL_CHARS = 2 ** 22;

/**
 * Boots, and returns what the serial port said once the guest has switched itself off.
 * @throws BarometerError where QEMU fails, or the guest takes longer than the limit; nothing is left running
 */
export async function bootGuest(options: BootOptions): Promise<string> {
  const { files, machine, limitMs, signal, onSerial } = options;
  const folder = mkdtempSync(join(tmpdir(), 'barometer-guest-'));
  try {
    const initrd = await initramfs(folder, files.busybox, options);
    if (signal.aborted) return '';
    const [program, ...first] = [...(await endingWithUs()), ...files.qemu] as [string, ...string[]];
    const args = ['-kernel', files.kernel, '-initrd', initrd, ...machine.args];
    const child = spawn(program, [...first, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', ...(machine.onLink ? ['pipe' as const] : [])],
      env: { ...process.env, ...files.env },
    });
    let [serial, complaints] = ['', ''];
    child.stdout!.setEncoding('latin1').on('data', (text: string) => {
      if (serial.length < MOST_SERIAL_CHARS) serial += text;
      onSerial(text);
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-2000);
    });
    const kill = () => child.kill('SIGKILL');
    process.on('exit', kill);
    let isLate = false;
    const timer = setTimeout(
      () => {
        isLate = true;
        kill();
      },
      Math.min(limitMs, MOST_TIMER_MS),
    );
    signal.addEventListener('abort', kill);
    const link = linked(child, machine.onLink).catch((error: Error) => {
      kill();
      return error;
    });
    const exit = await new Promise<number | string | null>((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.on('close', resolve);
    });
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
    process.off('exit', kill);
    if (signal.aborted) return serial;
    const linkFailure = await link;
    if (linkFailure) throw linkFailure;
    if (isLate)
      throw new BarometerError(
        `the guest did not end within ${limitMs / 1000} s; it said last: ${lastLine(serial) || 'nothing'}`,
      );
    if (exit !== 0) throw new BarometerError(`QEMU ended with ${exit}: ${lastLine(complaints)}`);
    return serial;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Settled when QEMU has closed its end, where the machine has one. */
async function linked(child: ChildProcess, onLink: GuestMachine['onLink']): Promise<null> {
  const socket = child.stdio[3];
  if (onLink && socket) await onLink(socket as Duplex);
  return null;
}

/** A way to start a program that the kernel ends when this process dies, by whatever; none without util-linux. */
export async function endingWithUs(): Promise<readonly string[]> {
  const prefix = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;
  try {
    await runCommand(prefix[0], [...prefix.slice(1), 'true']);
    return prefix;
  } catch {
    return [];
  }
}

async function initramfs(
  folder: string,
  busybox: string,
  { script, programs = {} }: BootOptions,
): Promise<string> {
  const root = join(folder, 'root');
  for (const name of ['bin', 'proc', 'sys', 'dev']) mkdirSync(join(root, name), { recursive: true });
  const files = Object.entries({ ...programs, busybox });
  for (const [name, path] of files) {
    copyFileSync(path, join(root, 'bin', name));
    chmodSync(join(root, 'bin', name), 0o755);
  }
  writeFileSync(join(root, 'init'), script, { mode: 0o755 });
  const names = ['.', 'bin', ...files.map(([name]) => `bin/${name}`), 'proc', 'sys', 'dev', 'init'];
  const cpio = await runCommand(join(root, 'bin/busybox'), ['cpio', '-o', '-H', 'newc'], {
    cwd: root,
    input: `${names.join('\n')}\n`,
  });
  const path = join(folder, 'initrd.gz');
  writeFileSync(path, gzipSync(cpio));
  return path;
}
