/** QEMU's own 128 GiB BAR, without a guest, sized by our sizers through its ports. Skipped, with the reason, where there is no QEMU. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { beforeAll, expect, test } from 'vitest';
import type { WidthBytes } from '../../src/types.ts';
import { type ConfigAccess, type ConfigPort, RecordingPort } from '../../src/workload/sizer/config-port.ts';
import { findSizer, SIZER_NAMES } from '../../src/workload/sizer/sizers.ts';
import type { Sizer, Sizing } from '../../src/workload/sizer/sizing.ts';
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
class Qtest {
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

  async config(offset: number, width: WidthBytes, value: number | null): Promise<number> {
    const address = 0x80000000 + (SLOT << 11) + (offset & ~3);
    await this.say(`outl 0x${PCI_CONFIG_ADDRESS.toString(16)} 0x${address.toString(16)}`);
    const port = `0x${(PCI_CONFIG_DATA + (offset & 3)).toString(16)}`;
    if (value === null) return Number(await this.say(`in${LETTERS[width]} ${port}`));
    await this.say(`out${LETTERS[width]} ${port} 0x${value.toString(16)}`);
    return 0;
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

/** What a sizer would do next, where it has to be done first. */
class Next {
  readonly access: Omit<ConfigAccess, 'value'> & { readonly value: number | null };
  constructor(access: Next['access']) {
    this.access = access;
  }
}

/** Our sizers do not wait for an answer: each is run again from its start, until it has all of them. */
async function sizeThrough(qtest: Qtest, sizer: Sizer): Promise<Sizing> {
  const answers: number[] = [];
  for (;;) {
    let i = 0;
    const step = (access: Next['access']): number => {
      if (i === answers.length) throw new Next(access);
      return answers[i++]!;
    };
    const port: ConfigPort = {
      read: (offset, width) => step({ kind: 'read', offset, width, value: null }),
      write: (offset, width, value) => {
        step({ kind: 'write', offset, width, value });
      },
    };
    try {
      return sizer.size(new RecordingPort(port), {
        headerType: 0,
        regionBytes: [4096n, 256n, 2n ** 37n, 0n, 0n, 0n],
      });
    } catch (next) {
      if (!(next instanceof Next)) throw next;
      const { offset, width, value } = next.access;
      answers.push(await qtest.config(offset, width, value));
    }
  }
}

test.for(SIZER_NAMES)("%s takes QEMU's 128 GiB BAR for what it is", async (name, { skip }) => {
  if (typeof qemu === 'string') return skip(qemu);
  using qtest = new Qtest(qemu);
  const { bars, failure } = await sizeThrough(qtest, findSizer(name)!);
  expect(failure).toBeNull();
  expect(bars).toContainEqual({ barIdx: 2, kind: 'mem64', prefetchable: true, sizeBytes: 2n ** 37n });
  expect(bars.map(({ barIdx, kind }) => `${barIdx} ${kind}`)).toEqual(['0 mem32', '1 io', '2 mem64']);
});
