/** QEMU's own 128 GiB BAR, without a guest, sized by our sizers through its ports. Skipped, with the reason, where there is no QEMU. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { beforeAll, expect, test } from 'vitest';
import type { WidthBytes } from '../../src/types.ts';
import { type RemoteConfigPort, recordRemoteSizing } from '../../src/workload/sizer/remote-sizing.ts';
import { findSizer, SIZER_NAMES } from '../../src/workload/sizer/sizers.ts';
import { FETCH_MS, type RealQemu, realQemu } from './real-qemu.ts';

const PCI_CONFIG_ADDRESS = 0xcf8;
const PCI_CONFIG_DATA = 0xcfc;
const SLOT = 5;
const LETTERS = { 1: 'b', 2: 'w', 4: 'l' } as const;

let qemu: RealQemu | string;
beforeAll(async () => {
  qemu = await realQemu();
}, FETCH_MS);

/** QEMU without a processor: what a guest would do is done by lines on its standard input. */
class Qtest implements RemoteConfigPort {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;

  constructor({ files }: RealQemu) {
    const machine = ['-M', 'q35', '-accel', 'qtest', '-qtest', 'stdio', '-qtest-log', 'none'];
    const device = ['-display', 'none', '-nodefaults', '-device', `pci-testdev,membar=128G,addr=${SLOT}`];
    const [program, ...first] = files.qemu;
    this.child = spawn(program, [...first, ...machine, ...device], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...files.env },
    });
    this.reader = createInterface(this.child.stdout!);
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  async read(offset: number, width: WidthBytes): Promise<number> {
    return Number(await this.say(`in${LETTERS[width]} ${await this.port(offset)}`));
  }

  async write(offset: number, width: WidthBytes, value: number): Promise<void> {
    await this.say(`out${LETTERS[width]} ${await this.port(offset)} 0x${value.toString(16)}`);
  }

  /** Through which the register at that offset is accessed next. */
  private async port(offset: number): Promise<string> {
    const address = 0x80000000 + (SLOT << 11) + (offset & ~3);
    await this.say(`outl 0x${PCI_CONFIG_ADDRESS.toString(16)} 0x${address.toString(16)}`);
    return `0x${(PCI_CONFIG_DATA + (offset & 3)).toString(16)}`;
  }

  [Symbol.dispose](): void {
    this.reader.close();
    this.child.kill('SIGKILL');
  }

  private async say(command: string): Promise<string> {
    this.child.stdin!.write(`${command}\n`);
    const { value } = await this.lines.next();
    const match = /^OK ?(.*)$/.exec(value ?? '');
    if (!match) throw new Error(`${command}: ${value}`);
    return match[1]!;
  }
}

/** What region info of such a device would tell. */
const FUNCTION = { headerType: 0, regionBytes: [4096n, 256n, 2n ** 37n, 0n, 0n, 0n] };

test.for(SIZER_NAMES)("%s takes QEMU's 128 GiB BAR for what it is", async (name, { skip }) => {
  if (typeof qemu === 'string') return skip(qemu);
  using qtest = new Qtest(qemu);
  const { sizing } = await recordRemoteSizing(qtest, FUNCTION, findSizer(name)!);
  const { bars, failure } = sizing;
  expect(failure).toBeNull();
  expect(bars).toContainEqual({ barIdx: 2, kind: 'mem64', prefetchable: true, sizeBytes: 2n ** 37n });
  expect(bars.map(({ barIdx, kind }) => `${barIdx} ${kind}`)).toEqual(['0 mem32', '1 io', '2 mem64']);
});
