/** QEMU, a kernel and busybox: found on this machine, or fetched once from the Debian mirror that apt is set up with. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolders, prepareFolder } from '../../device/native/cache.ts';
import { BarometerError } from '../../errors.ts';
import { runCommand } from './run-command.ts';

const SUITE = 'trixie-backports';
const SUITES = ['trixie', SUITE];
/** `vfio-user-pci` came with it. */
const LEAST_QEMU = [10, 1];
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const QEMU = 'qemu-system-x86_64';
/** Of the folder's contents: another one is fetched anew. */
const FORM = 'guest-1';
const OVMF_FORM = 'ovmf-1';
const COMPLETE = 'complete';
/** Where Debian's package has it. */
const SYSTEM_OVMF = '/usr/share/ovmf/OVMF.fd';

export interface GuestFiles {
  /** Program and arguments that come before all others. */
  readonly qemu: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly kernel: string;
  readonly busybox: string;
}

export interface FetchOptions {
  /** Is told of each stage. */
  readonly progress: (stage: string) => void;
  readonly signal: AbortSignal;
}

/** @throws BarometerError where there is neither, with what to do */
export async function guestFiles(options: FetchOptions): Promise<GuestFiles> {
  const system = await systemQemu();
  const folder = await cached(system ? `${FORM}-kernel` : FORM, options, (work) =>
    fetchGuest(work, system === null, options),
  );
  const root = join(folder, 'root');
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu');
  const modules = join(folder, 'guest/usr/lib/modules');
  const fetched: [string, ...string[]] = [
    join(root, 'usr/lib64/ld-linux-x86-64.so.2'),
    ...['--library-path', libraries, join(root, 'usr/bin', QEMU)],
    ...['usr/share/qemu', 'usr/share/seabios', 'usr/lib/ipxe/qemu'].flatMap((path) => [
      '-L',
      join(root, path),
    ]),
  ];
  return {
    qemu: system ?? fetched,
    env: system ? {} : { QEMU_MODULE_DIR: join(libraries, 'qemu') },
    kernel: join(modules, readdirSync(modules)[0]!, 'vmlinuz'),
    busybox: join(folder, 'guest/usr/bin/busybox'),
  };
}

/** UEFI firmware for x86-64. @throws BarometerError where it is not here and cannot be fetched, with what to do */
export async function ovmfFile(options: FetchOptions): Promise<string> {
  if (existsSync(SYSTEM_OVMF)) return SYSTEM_OVMF;
  const folder = await cached(OVMF_FORM, options, async (work) => {
    const apt = await privateApt(work, options.signal);
    options.progress('asking the Debian mirror');
    await apt(['apt-get', 'update']);
    options.progress('fetching OVMF');
    await apt(['apt-get', 'download', 'ovmf']);
    for (const path of packagesIn(work)) await runCommand('dpkg-deb', ['-x', path, work]);
  });
  return join(folder, SYSTEM_OVMF);
}

/** The folder of that name, filled first where it is not there. */
async function cached(
  name: string,
  { signal }: FetchOptions,
  fill: (work: string) => Promise<void>,
): Promise<string> {
  const cache = cacheFolders(process.env)[0]!;
  try {
    prepareFolder(cache);
  } catch (error) {
    throw new BarometerError(
      `guest: ${cache} cannot be used: ${(error as Error).message}; set BAROMETER_CACHE to a folder of yours`,
    );
  }
  const folder = join(cache, name);
  if (isComplete(folder)) return folder;
  if (process.arch !== 'x64' || process.platform !== 'linux') {
    throw new BarometerError(
      `guest: expected Linux on x86-64, this is ${process.platform} on ${process.arch}`,
    );
  }
  // Put in place in one step: one that was cut off is no cache.
  const work = mkdtempSync(`${folder}-`);
  try {
    await fill(work);
    signal.throwIfAborted();
    rmSync(join(work, 'apt'), { recursive: true });
    writeFileSync(join(work, COMPLETE), '');
    publish(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}

function isComplete(folder: string): boolean {
  return existsSync(join(folder, COMPLETE));
}

async function systemQemu(): Promise<[string] | null> {
  try {
    const said = (await runCommand(QEMU, ['--version'])).toString();
    const [, major, minor] = /version (\d+)\.(\d+)/.exec(said) ?? [];
    const found = Number(major) * 1000 + Number(minor);
    return found >= LEAST_QEMU[0]! * 1000 + LEAST_QEMU[1]! ? [QEMU] : null;
  } catch {
    return null;
  }
}

/** @param hasQemu whether QEMU is to be among it */
async function fetchGuest(work: string, hasQemu: boolean, { progress, signal }: FetchOptions): Promise<void> {
  const apt = await privateApt(work, signal);
  progress('asking the Debian mirror');
  await apt(['apt-get', 'update']);
  progress(hasQemu ? 'fetching QEMU' : 'looking for a kernel');
  if (hasQemu) await apt(['apt-get', 'install', '--yes', '--download-only', '-t', SUITE, 'qemu-system-x86']);
  const qemuPackages = packagesIn(work);
  progress('fetching a kernel and busybox');
  const depends = (await apt(['apt-cache', 'show', '-t', SUITE, 'linux-image-cloud-amd64'])).toString();
  const kernel = /^Depends:.*\blinux-image-([^ ,]+)/m.exec(depends)?.[1];
  if (!kernel) throw new BarometerError('guest: the mirror has no linux-image-cloud-amd64');
  await apt(['apt-get', 'download', '-t', SUITE, `linux-binary-${kernel}`, 'busybox-static']);
  progress('unpacking');
  const guestPackages = packagesIn(work).filter((path) => !qemuPackages.includes(path));
  for (const path of qemuPackages) await runCommand('dpkg-deb', ['-x', path, join(work, 'root')], { signal });
  for (const path of guestPackages)
    await runCommand('dpkg-deb', ['-x', path, join(work, 'guest')], { signal });
}

/** Where another process was faster, what it has put there stays: a guest may run from it. */
function publish(work: string, folder: string): void {
  if (isComplete(folder)) return;
  rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(work, folder);
  } catch (error) {
    if (!isComplete(folder)) throw error;
  }
}

function packagesIn(work: string): string[] {
  const folder = join(work, 'apt/cache/archives');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.deb'))
    .map((name) => join(folder, name));
}

/** An apt of its own, to which nothing is installed: so all that QEMU needs comes with it. */
async function privateApt(work: string, signal: AbortSignal) {
  const at = (path: string) => join(work, 'apt', path);
  for (const path of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(at(path), { recursive: true });
  writeFileSync(at('status'), '');
  const mirror = await debianMirror();
  writeFileSync(
    at('sources.list'),
    SUITES.map((suite) => `deb [signed-by=${KEYRING}] ${mirror} ${suite} main\n`).join(''),
  );
  const options = {
    'Dir::State': at('state'),
    'Dir::State::status': at('status'),
    'Dir::Cache': at('cache'),
    'Dir::Etc::sourcelist': at('sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'APT::Install-Recommends': 'false',
    'Debug::NoLocking': 'true',
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const cwd = at('cache/archives');
  return ([program, verb, ...args]: readonly [string, string, ...string[]]) =>
    runCommand(program, [verb, ...flags, ...args], { cwd, signal });
}

/** Of the machine's own apt. */
async function debianMirror(): Promise<string> {
  const format = '$(REPO_URI)';
  const targets = await runCommand('apt-get', ['indextargets', '--format', format]).catch((error: Error) => {
    throw new BarometerError(`guest: expected apt, to fetch a kernel and QEMU with: ${error.message}`);
  });
  const found = targets
    .toString()
    .split('\n')
    .find((uri) => /\/debian\/?$/.test(uri));
  if (found) return found;
  throw new BarometerError(
    'guest: apt is set up with no Debian mirror; expected one, or a QEMU of 10.1 or newer with a cache filled elsewhere (BAROMETER_CACHE)',
  );
}
