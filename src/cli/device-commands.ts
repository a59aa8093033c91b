/** Options and help of the commands that show, check and serve devices. */
import type { Command } from 'commander';
import { withDevice } from './common-options.ts';
import {
  CONFORM_EXAMPLES,
  GUEST_EXAMPLES,
  INSPECT_EXAMPLES,
  LIST_EXAMPLES,
  REPLAY_EXAMPLES,
  SERVE_EXAMPLES,
  SIZE_EXAMPLES,
} from './help-examples.ts';

export function addServe(root: Command): void {
  withDevice(root.command('serve'))
    .description('serves the device over the vfio-user protocol, to one client at a time')
    .option('--socket <path>', 'Unix socket to make, for its owner alone')
    .option('--proxy', "QEMU's multi-process protocol instead, on file descriptor 3, until QEMU ends")
    .option('--impl <name>', 'implementation that answers', 'wasm')
    .option('--once', 'end with the first client')
    .option('--record <file>', 'write every access that was served as a line of a QEMU trace log')
    .option('--quiet', 'say nothing')
    .addHelpText('after', SERVE_EXAMPLES)
    .action(async (flags) => {
      const { serve } = await import('./serve.ts');
      process.exitCode = await serve(flags);
    });
}

export function addGuest(root: Command): void {
  withDevice(root.command('guest'))
    .description('boots Linux in QEMU on the device, and prints what it saw beside what it should have seen')
    .option(
      '--impl <name>',
      'implementation that answers; with --cost a list (default: wasm; with --cost all)',
    )
    .option(
      '--link <name>',
      'how QEMU reaches the device: vfio-user, or proxy, over which Linux sizes it in-band (default: vfio-user)',
    )
    .option('--firmware <name>', 'seabios, ovmf or none (default: seabios; none over the proxy)')
    .option('--all', 'under every policy that such a device has, over every link')
    .option('--record <file>', 'write every access that the device served as a line of a QEMU trace log')
    .option(
      '--cost',
      'what an access costs the guest, as a stack of core, socket and QEMU, beside devices inside QEMU',
    )
    .option('--boots <n>', 'with --cost: boots of each (default: 3)')
    .option('--out <file>', 'with --cost: where to save samples (default: results/TIME.json)')
    .option('--limit <time>', 'of a boot, as 60s, 2m', '120s')
    .option('--json', 'print one JSON document: barometer/guest/1, with --cost barometer/summary/1')
    .option('--quiet', 'no progress line')
    .addHelpText('after', GUEST_EXAMPLES)
    .action(async (flags) => {
      const { guest } = await import('./guest.ts');
      process.exitCode = await guest(flags);
    });
}

export function addReplay(root: Command): void {
  withDevice(root.command('replay'))
    .argument('<log>', "QEMU trace log (-trace 'vfio_*'), or what serve --record wrote; - for standard input")
    .description(
      'replays logged accesses through the device, compares every read with the log, and says what an access costs',
    )
    .option('--impl <list>', 'implementations, with commas between', 'wasm,ts,native')
    .option('--of <name>', 'device of the log to replay (default: that of its first access)')
    .option('--json', 'print one JSON document, barometer/replay/1')
    .option('--quiet', 'no progress line')
    .addHelpText('after', REPLAY_EXAMPLES)
    .action(async (log: string, flags) => {
      const { replay } = await import('./replay.ts');
      process.exitCode = await replay(log, flags);
    });
}

export function addList(root: Command): void {
  root
    .command('list')
    .description('workloads, suites, devices, policies, sizers, implementations')
    .option('--json', 'print one JSON document')
    .addHelpText('after', LIST_EXAMPLES)
    .action(async (flags) => {
      const { list } = await import('./list.ts');
      process.stdout.write(list(flags));
    });
}

export function addInspect(root: Command): void {
  root
    .command('inspect <device>')
    .description('decode a configuration space: header, BARs, capabilities')
    .option('--json', 'print one JSON document')
    .option('--hex', 'print what `lspci -F` reads')
    .addHelpText('after', INSPECT_EXAMPLES)
    .action(async (device: string, flags) => {
      const { inspect } = await import('./inspect.ts');
      const { PROFILE_SOURCES } = await import('../device/device-flags.ts');
      const { withServed } = await import('./served-function.ts');
      const { stdout, stderr } = process;
      const textStyle = stdout.isTTY && !process.env.NO_COLOR ? 'ansi' : 'plain';
      const sources = await withServed(device, PROFILE_SOURCES);
      process.exitCode = inspect(device, flags, { stdout, stderr, textStyle, sources });
    });
}

export function addSize(root: Command): void {
  root
    .command('size <device>')
    .description('what each BAR sizer concludes under each policy, and what follows where it is wrong')
    .option('--policy <list>', 'policies, with commas between (default: those that apply to the device)')
    .option('--sizer <list>', 'sizers, with commas between; see `barometer list` (default: all)')
    .option('--physical-bars <list>', "BARs in the place of the function's own")
    .option('--gpu-memory <size>', 'GPU memory that firmware reports, as 96GiB')
    .option('--generation <driver>', 'nvgrace-gpu driver: 6.9, 6.14 or 7.0 (default: 7.0)')
    .option('--allow-writes', 'of vfio-user:PATH: run the sizers on it, and write its registers back')
    .option('--json', 'print one JSON document')
    .addHelpText('after', SIZE_EXAMPLES)
    .action(async (device: string, flags) => {
      const { isServed } = await import('./served-function.ts');
      if (isServed(device)) {
        const { sizeServed } = await import('./size-served.ts');
        process.exitCode = await sizeServed(device, flags, process);
      } else {
        const { size } = await import('./size.ts');
        process.stdout.write(size(device, flags));
      }
    });
}

export function addConform(root: Command): void {
  root
    .command('conform')
    .description('hold each implementation to the specification, or a device that somebody serves')
    .option('--impl <list>', 'implementations, with commas between (default: wasm,ts,native)')
    .option('--vectors <file>', 'run the vectors of this file instead of the built-in suite')
    .option('--device <device>', 'vfio-user:PATH: check the device behind that socket instead')
    .option('--allow-writes', 'of --device: make the checks that write, and write its registers back')
    .option('--json', 'print one JSON document')
    .addHelpText('after', CONFORM_EXAMPLES)
    .action(async (flags) => {
      if (flags.device !== undefined) {
        const { conformServed } = await import('./conform-served.ts');
        process.exitCode = await conformServed(flags.device, flags, process);
        return;
      }
      const { conform } = await import('./conform.ts');
      const { parseImplementations } = await import('./device-option.ts');
      const impl = parseImplementations(flags.impl ?? 'wasm,ts,native');
      process.exitCode = conform({ ...flags, impl }, process);
    });
}
