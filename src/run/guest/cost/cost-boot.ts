/** One boot of a guest that times accesses, to our server or to its twin in C, and the parts of what they cost. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BarometerError } from '../../../errors.ts';
import { type BootOptions, bootGuest, endingWithUs } from '../boot.ts';
import { vfioUserMachine } from '../machine.ts';
import { lastLine, runCommand } from '../run-command.ts';
import { COST_WORKS, type CostPass, PASSES, parseCostLines } from './cost-lines.ts';
import type { CostPrograms } from './programs.ts';

/** How much of the way an access takes: into the core alone, over a socket to it, or from a guest through QEMU. */
export const COST_PATHS = ['core', 'socket', 'guest'] as const;
export type CostPath = (typeof COST_PATHS)[number];

/** Who answers: one of ours, or what stands for a server that does nothing but answer. */
export interface CostSubject {
  readonly name: string;
  /** A program that serves on that socket, and says a line once it does. */
  readonly serve: (socketPath: string) => readonly [string, ...string[]];
  /** Whether a guest can have it. */
  readonly isDevice: boolean;
  /** A program that times the core alone; null where there is none. */
  readonly core: readonly [string, ...string[]] | null;
}

export interface CostReading {
  /** Of the subject, or of a device of QEMU that the same guest has beside it. */
  readonly implementation: string;
  readonly path: CostPath;
  readonly pass: CostPass;
}

export interface CostTools extends Pick<BootOptions, 'files' | 'limitMs' | 'signal'> {
  readonly programs: CostPrograms;
  /** BAR of the subject's device whose beginning is memory. */
  readonly barIdx: number;
  /** What pins a program to one processor; empty where nothing does. */
  readonly pin: readonly string[];
  readonly progress: (stage: string) => void;
}

/** Devices of QEMU's own: one that QEMU emulates, and memory of QEMU that the guest reaches without anybody's help. */
export const EMULATED_BY_QEMU = 'qemu-edu';
export const RAM_BAR = 'ram-bar';
/** What their configuration space begins with, as QEMU has it (hw/misc/edu.c, hw/misc/pci-testdev.c). */
export const REFERENCE_IDS: Readonly<Record<string, number>> = {
  [EMULATED_BY_QEMU]: 0x11e81234,
  [RAM_BAR]: 0x00051b36,
};
const REFERENCES = [
  // Behind its registers the BAR reads as ones, and what is written is dropped.
  { name: EMULATED_BY_QEMU, device: 'edu,addr=6', function: '0000:00:06.0', barIdx: 0, offset: 4096 },
  {
    name: RAM_BAR,
    device: 'pci-testdev,membar=1M,membar-backed=on,addr=7',
    function: '0000:00:07.0',
    barIdx: 2,
    offset: 0,
  },
] as const;

/** @throws BarometerError where a program or the guest fails */
export async function costBoot(subject: CostSubject, tools: CostTools): Promise<CostReading[]> {
  const folder = mkdtempSync(join(tmpdir(), 'barometer-cost-'));
  const socketPath = join(folder, 's');
  const { pin, programs, barIdx } = tools;
  const late = AbortSignal.timeout(tools.limitMs);
  const signal = AbortSignal.any([tools.signal, late]);
  const run = async (command: readonly string[]) => {
    const [program, ...args] = [...pin, ...command] as [string, ...string[]];
    const output = await runCommand(program, args, { signal }).catch((error: Error) => {
      if (late.aborted) throw new BarometerError(`${subject.name}: no end within ${tools.limitMs / 1000} s`);
      throw error;
    });
    return wholePasses(parseCostLines(output.toString()), subject.name);
  };
  try {
    tools.progress(`${subject.name}: the core alone`);
    const core = subject.core ? await run(subject.core) : [];
    await using server = await serving([...pin, ...subject.serve(socketPath)], signal);
    tools.progress(`${subject.name}: over a socket`);
    const socket = await run([programs.client, socketPath, String(barIdx)]);
    const guest = subject.isDevice ? await timedGuest(subject, socketPath, join(folder, 'log'), tools) : [];
    server.expectRunning();
    const of = (path: CostPath) => (pass: CostPass) => ({ implementation: subject.name, path, pass });
    return [...core.map(of('core')), ...socket.map(of('socket')), ...guest];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timedGuest(
  subject: CostSubject,
  socketPath: string,
  logPath: string,
  { files, programs, barIdx, pin, limitMs, signal, progress }: CostTools,
): Promise<CostReading[]> {
  const machine = vfioUserMachine({ socketPath, firmware: 'seabios', ovmf: null, logPath });
  const own = { name: subject.name, function: machine.pciAddress, barIdx, offset: 0 };
  const timed = [own, ...REFERENCES];
  progress(`${subject.name}: QEMU and firmware`);
  const serial = await bootGuest({
    files: { ...files, qemu: [...pin, ...files.qemu] as [string, ...string[]] },
    machine: {
      ...machine,
      args: [...machine.args, ...REFERENCES.flatMap(({ device }) => ['-device', device])],
    },
    script: costScript(timed),
    programs: { 'guest-timer': programs.timer },
    ...{ limitMs, signal },
    onSerial: (text) => {
      const name = /GUEST begin (\S+)\s/.exec(text)?.[1];
      if (name) progress(`${subject.name}: in the guest, ${name}`);
    },
  });
  if (!signal.aborted && !serial.includes('GUEST end'))
    throw new BarometerError(`the guest did not come to its end; it said last: ${lastLine(serial)}`);
  const parts = serial.split(/GUEST begin (\S+)/);
  return timed.flatMap(({ name }) => {
    const text = parts[parts.indexOf(name) + 1] ?? '';
    const failure = /GUEST failed (\d+)/.exec(text)?.[1];
    if (failure)
      throw new BarometerError(
        `${name}: ${TIMER_FAILURES[Number(failure)] ?? `the timer ended with ${failure}`}`,
      );
    const passes = signal.aborted ? [] : wholePasses(parseCostLines(text), name);
    return passes.map((pass) => ({ implementation: name, path: 'guest' as const, pass }));
  });
}

/** Exit statuses of guest-timer.c. */
const TIMER_FAILURES: Readonly<Record<number, string>> = {
  3: 'the guest does not see the BAR, or gave it no address; expected a policy under which it does (barometer guest shows it)',
  4: 'the guest cannot map the BAR',
};

/** @throws BarometerError where a work is missing, or a pass of it */
function wholePasses(passes: readonly CostPass[], name: string): readonly CostPass[] {
  for (const work of COST_WORKS) {
    const count = passes.filter((pass) => pass.work === work).length;
    if (count !== PASSES)
      throw new BarometerError(`${name}: ${count} passes of ${work} came; expected ${PASSES}`);
  }
  return passes;
}

interface TimedFunction {
  readonly name: string;
  readonly function: string;
  readonly barIdx: number;
  readonly offset: number;
}

function costScript(timed: readonly TimedFunction[]): string {
  const lines = timed.flatMap(({ name, function: address, barIdx, offset }) => [
    `echo 1 > /sys/bus/pci/devices/${address}/enable`,
    `echo GUEST begin ${name}`,
    `guest-timer ${address} ${barIdx} ${offset} || echo GUEST failed $?`,
  ]);
  return `#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
${lines.join('\n')}
echo GUEST end
poweroff -f
`;
}

/** A server that has said that it serves; disposed of, it is gone. */
async function serving(command: readonly string[], signal: AbortSignal) {
  const [program, ...args] = [...(await endingWithUs()), ...command] as [string, ...string[]];
  const child: ChildProcess = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-2000);
  });
  const closed = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      complaints += error.message;
      resolve();
    });
    child.on('close', () => resolve());
  });
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);
  signal.addEventListener('abort', kill);
  await Promise.race([once(child.stdout!, 'data'), closed]);
  child.stdout!.resume();
  const expectRunning = () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
      throw new BarometerError(`${command.join(' ')} ended: ${lastLine(complaints)}`);
  };
  expectRunning();
  return {
    expectRunning,
    async [Symbol.asyncDispose]() {
      kill();
      await closed;
      process.off('exit', kill);
      signal.removeEventListener('abort', kill);
    },
  };
}
