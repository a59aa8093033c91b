import { Command, CommanderError } from 'commander';
import { BarometerError, EXIT } from '../errors.ts';
import { POLICIES } from '../types.ts';
import {
  AB_EXAMPLES,
  AGENTS_EXAMPLES,
  CALIBRATE_EXAMPLES,
  COMPARE_EXAMPLES,
  CONFORM_EXAMPLES,
  DOCTOR_EXAMPLES,
  GUEST_EXAMPLES,
  HISTORY_EXAMPLES,
  INSPECT_EXAMPLES,
  LIST_EXAMPLES,
  LITMUS_EXAMPLES,
  MERGE_EXAMPLES,
  PROFILE_EXAMPLES,
  REPLAY_EXAMPLES,
  REPORT_EXAMPLES,
  RUN_EXAMPLES,
  SERVE_EXAMPLES,
  SIZE_EXAMPLES,
} from './help-examples.ts';
import { guardOutput, printError, warnOnTerminal } from './output.ts';
import { pinnedNodeVersion, version } from './version.ts';

/** Runs the command line. Sets the exit code; never throws. */
export function main(argv: readonly string[]): void {
  guardOutput();
  program()
    .parseAsync(argv)
    .catch((error: unknown) => {
      process.exitCode = reportFailure(error);
    });
}

function program(): Command {
  const root = new Command('barometer')
    .description(
      'Measures what it costs to emulate a PCI device in WebAssembly, in TypeScript and in C, side by side.',
    )
    .version(version())
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({ outputError: (text) => printError(text.replace(/^error: |\n$/g, '')) })
    .showHelpAfterError('(barometer --help shows what there is)');
  addRun(root);
  addAb(root);
  addAgents(root);
  addServe(root);
  addGuest(root);
  addReplay(root);
  addProfile(root);
  addCalibrate(root);
  addList(root);
  addInspect(root);
  addSize(root);
  addConform(root);
  addCompare(root);
  addMerge(root);
  addReport(root);
  addHistory(root);
  addDoctor(root);
  for (const command of root.commands) command.exitOverride();
  return root;
}

function addRun(root: Command): void {
  withMeasuring(withDevice(root.command('run [workload...]')), {
    forks: '18; of a suite, 4',
    budget: "the suite's, or 3s a workload",
  })
    .description('measure workloads or a module file of your own, save the samples, print the table')
    .option('--impl <list>', 'implementations, with commas between (default: wasm,ts,native,noop)')
    .option('--allow-writes', 'of --device vfio-user:PATH: write to its memory, what was read there before')
    .addHelpText('after', RUN_EXAMPLES)
    .action(async (given: string[], flags) => {
      const { isServed } = await import('./served-function.ts');
      if (isServed(flags.device)) {
        const { runServed } = await import('./run-served.ts');
        process.exitCode = await runServed(given, flags);
        return;
      }
      const { run } = await import('./run.ts');
      process.exitCode = await run(given, { impl: 'wasm,ts,native,noop', ...flags });
    });
}

function addAb(root: Command): void {
  withMeasuring(withDevice(root.command('ab <A> <B> [workload...]')), {
    forks: '18',
    budget: '10s a workload',
  })
    .description(
      'two checkouts or installs of barometer, or two versions of a module file, interleaved in one run',
    )
    .option('--impl <list>', 'implementations, with commas between', 'wasm,ts,native')
    .option('--fail-on <list>', 'verdicts that set the exit code: regression, or regression,inconclusive')
    .addHelpText('after', AB_EXAMPLES)
    .action(async (a: string, b: string, patterns: string[], flags) => {
      const { ab } = await import('./ab.ts');
      process.exitCode = await ab(a, b, patterns, flags);
    });
}

function addAgents(root: Command): void {
  const command = withOutput(withDevice(root.command('agents [pattern...]')))
    .description(
      'access to shared device memory by pools of workers, on this host: patterns, patterns of agents',
    )
    .option(
      '--agents <list>',
      'numbers of agents, as 1,2,4 or 1..16 (default: one for each processor, at least 2)',
    )
    .option(
      '--footprint <list>',
      'bytes of device memory that they share, as 32KiB,1MiB or 32KiB..1GiB (default: 256KiB; loaded-latency 256MiB)',
    )
    .option(
      '--role <list>',
      'whose accesses they make: cpu-core, lines of 64 B; sm-cluster, of 128 B (default: cpu-core)',
    )
    .option(
      '--pairs',
      'two agents on each pair of processors, as a matrix (default: of ping-pong-cas and one-to-all-*)',
    )
    .option('--path <list>', 'direct: straight on memory; emulated: through the device', 'direct,emulated')
    .option('--impl <list>', 'implementations, with commas between', 'wasm,ts,native')
    .option('--list', 'name the patterns and what each does')
    .option('--budget <time>', 'time of all measuring, as 500ms, 60s, 2m (default: 3s a workload)')
    .option('--forks <n>', 'most fresh processes for each pattern (default: 18)')
    .option('--margin <share>', 'ratios within it count as the same (default: 1%)')
    .option('--seed <n>', 'seed of schedule and data', '1')
    .addHelpText('after', AGENTS_EXAMPLES)
    .action(async (patterns: string[], flags) => {
      const { agents, listPatterns } = await import('./agents.ts');
      if (flags.list) process.stdout.write(listPatterns());
      else process.exitCode = await agents(patterns, flags);
    })
    .enablePositionalOptions();
  addLitmus(command);
}

function addServe(root: Command): void {
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

function addGuest(root: Command): void {
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

function addReplay(root: Command): void {
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

function addLitmus(parent: Command): void {
  parent
    .command('litmus [test...]')
    .description('in what order accesses of several agents take effect, beside what memory models allow')
    .option('--trials <n>', 'trials of each test', '10000000')
    .option('--impl <list>', 'implementations, with commas between', 'wasm,ts')
    .option('--list', 'name the tests and their programs')
    .option('--json', 'print one JSON document, barometer/litmus/1')
    .option('--quiet', 'no progress line')
    .addHelpText('after', LITMUS_EXAMPLES)
    .action(async (tests: string[], flags) => {
      const { litmus, listTests } = await import('./litmus.ts');
      if (flags.list) process.stdout.write(listTests());
      else process.exitCode = await litmus(tests, flags);
    });
}

function addProfile(root: Command): void {
  withDevice(root.command('profile <workload>'))
    .description('where the time of one workload goes: a CPU profile by function, and by what it is spent on')
    .option('--impl <name>', 'implementation to profile: wasm, ts or native', 'wasm')
    .option('--filter <re>', 'the first variant whose name and parameters match')
    .option('--time <time>', 'of passes under the profiler, as 500ms, 2s; at most 60s', '2s')
    .option('--seed <n>', 'seed of accesses and layout', '1')
    .option('--speedscope <file>', 'save the stacks, for https://www.speedscope.app')
    .option('--svg <file>', 'save a flame graph')
    .option('--json', 'print one JSON document, barometer/profile/1')
    .option('--quiet', 'no progress line')
    .addHelpText('after', PROFILE_EXAMPLES)
    .action(async (workload: string, flags) => {
      const { profile } = await import('./profile.ts');
      process.exitCode = await profile(workload, flags);
    });
}

function addCalibrate(root: Command): void {
  withDevice(root.command('calibrate [workload...]'))
    .description("this host's false-alarm rate, noise floor and smallest detectable effect")
    .option('--impl <list>', 'implementations, with commas between', 'wasm,ts,native')
    .option('--native-build <build>', 'how native is compiled: O3, march-native (default: O3)')
    .option(
      '--suite <name>',
      'a named list of workloads: smoke, default, full (default: registers, a copy, a sizing, a module)',
    )
    .option('--filter <re>', 'only workloads whose name and parameters match')
    .option('--budget <time>', 'time of all runs together, as 60s, 3m, 1h (default: 3m)')
    .option('--forks <n>', 'most fresh processes for each group of workloads (default: 18)')
    .option('--margin <share>', 'ratios within it count as the same (default: 1%)')
    .option('--runtime <path>', 'Node binary to measure on')
    .option('--seed <n>', 'seed of accesses and schedule', '1')
    .option('--out <file>', 'where to save a copy of the calibration')
    .option('--json', 'print one JSON document, barometer/calibration/1')
    .option('--quiet', 'no progress line')
    .addHelpText('after', CALIBRATE_EXAMPLES)
    .action(async (given: string[], flags) => {
      const { calibrateHost } = await import('./calibrate.ts');
      process.exitCode = await calibrateHost(given, flags);
    });
}

/** @param usual what is taken where the option is not given */
function withMeasuring(command: Command, usual: { forks: string; budget: string }): Command {
  return withOutput(command)
    .option('--native-build <build>', 'how native is compiled: O3, march-native (default: O3)')
    .option('--suite <name>', 'a named list of workloads: smoke, default, full (default: default)')
    .option('--filter <re>', 'only workloads whose name and parameters match')
    .option('--budget <time>', `time of all measuring, as 500ms, 60s, 2m (default: ${usual.budget})`)
    .option('--forks <n>', `most fresh processes for each group of workloads (default: ${usual.forks})`)
    .option('--margin <share>', 'ratios within it count as the same (default: 1%)')
    .option('--runtime <paths>', 'Node binaries to measure on, with commas between')
    .option('--seed <n>', 'seed of accesses and schedule', '1')
    .option('--shard <i/n>', 'a part of the workloads, as 2/4; auto: as CI or the job array says');
}

function withOutput(command: Command): Command {
  return command
    .option('--out <file>', 'where to save the samples (default: results/<time>.json)')
    .option('--plot', 'draw box plots of the forks below the table')
    .option('--json', 'print one JSON document, barometer/summary/1')
    .option('--quiet', 'no progress line');
}

function withDevice(command: Command): Command {
  return command
    .option(
      '--device <device>',
      'a profile, a dump, a raw file or host:BB:DD.F; see `barometer list`',
      'gh200-120gb',
    )
    .option('--policy <policy>', `how strictly config space is emulated: ${POLICIES.join(', ')}`)
    .option('--generation <driver>', 'nvgrace-gpu driver: 6.9, 6.14 or 7.0 (default: 7.0)')
    .option('--resmem <mode>', 'uncached requests over the end of memory: quirk or intended (default: quirk)')
    .option('--gpu-memory <size>', 'GPU memory that firmware reports, as 96GiB');
}

function addList(root: Command): void {
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

function addInspect(root: Command): void {
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

function addSize(root: Command): void {
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

function addConform(root: Command): void {
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

function addCompare(root: Command): void {
  root
    .command('compare <baseline> <candidate>')
    .description('two saved results: what got faster or slower, what cannot be decided')
    .option('--fail-on <list>', 'verdicts that set the exit code: regression, or regression,inconclusive')
    .option(
      '--margin <percent>',
      'ratios this close to 1 are the same, as 2% (default: the wider of the two runs’)',
    )
    .option('--json', 'print one JSON document, barometer/summary/1')
    .addHelpText('after', COMPARE_EXAMPLES)
    .action(async (baseline: string, candidate: string, flags) => {
      const { compare } = await import('./compare.ts');
      const { stdout } = process;
      const color = stdout.isTTY === true && !process.env.NO_COLOR;
      process.exitCode = compare([baseline, candidate], flags, {
        stdout,
        color,
        width: stdout.columns || 100,
        env: process.env,
        warn: warnOnTerminal,
      });
    });
}

function addMerge(root: Command): void {
  root
    .command('merge <results...>')
    .description('one result of many: several runs, several machines')
    .option('--out <file>', 'where to save the merged samples')
    .option('--json', 'print the merged samples, barometer/samples/1')
    .addHelpText('after', MERGE_EXAMPLES)
    .action(async (paths: string[], flags) => {
      const { merge } = await import('./merge.ts');
      merge(paths, flags, process.stdout);
    });
}

function addReport(root: Command): void {
  root
    .command('report <results...>')
    .description('saved results for reviewers, for CI, and in the formats of other programs')
    .option('--html <file>', 'one page for a browser that needs no network')
    .option('--markdown', 'what changed, what could not be decided, the rest in a line')
    .option('--annotations', 'workflow commands of GitHub Actions')
    .option('--csv', 'a line for each row')
    .option('--junit', 'JUnit XML: a test case for each comparison of versions, or for each row')
    .option('--bmf', 'Bencher Metric Format')
    .option('--benchstat', "Go's benchmark text: a line for each process")
    .option('--github-action-benchmark <folder>', 'smaller-is-better.json and bigger-is-better.json')
    .option('--hdr <folder>', 'an HdrHistogram log for each row with latencies')
    .option('--fail-on <list>', 'verdicts that set the exit code: regression, or regression,inconclusive')
    .addHelpText('after', REPORT_EXAMPLES)
    .action(async (paths: string[], flags) => {
      const { report } = await import('./report.ts');
      const { stdout, env } = process;
      process.exitCode = report(paths, flags, { stdout, env, warn: warnOnTerminal });
    });
}

function addHistory(root: Command): void {
  const history = root
    .command('history')
    .description('results of many runs in one file that only grows, and where they changed')
    .addHelpText('after', HISTORY_EXAMPLES);
  const io = () => {
    const { stdout } = process;
    const color = stdout.isTTY === true && !process.env.NO_COLOR;
    return { stdout, warn: printError, color, width: stdout.columns || 100 };
  };
  withHistoryFile(history.command('add <results...>'))
    .description('append what saved results hold; what is there already is not added again')
    .action(async (paths: string[], flags) => {
      const { historyAdd } = await import('./history.ts');
      historyAdd(paths, flags, io());
    });
  withHistoryFile(history.command('show [workload...]'))
    .description('a line for each series, or every run of those that are named')
    .action(async (patterns: string[], flags) => {
      const { historyShow } = await import('./history.ts');
      historyShow(patterns, flags, io());
    });
  for (const command of history.commands) command.exitOverride();
}

function withHistoryFile(command: Command): Command {
  return command
    .option('--file <file>', 'the history', 'results/history.ndjson')
    .option('--json', 'print one JSON document')
    .addHelpText('after', HISTORY_EXAMPLES);
}

function addDoctor(root: Command): void {
  root
    .command('doctor')
    .description('what on this machine will disturb a measurement, and the fix')
    .option('--json', 'print one JSON document, barometer/doctor/1')
    .addHelpText('after', DOCTOR_EXAMPLES)
    .action(async (flags) => {
      const { doctor } = await import('./doctor.ts');
      const { thisMachine } = await import('../doctor/machine.ts');
      const { stdout, stderr } = process;
      const color = stdout.isTTY === true && !process.env.NO_COLOR;
      const machine = thisMachine(pinnedNodeVersion());
      process.exitCode = doctor(flags, { stdout, stderr, color, machine });
    });
}

/** Prints what went wrong, without a stack trace for what the user can mend, and returns the exit code. */
function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) {
    // commander has printed its message; help and version are no failures.
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  if (error instanceof BarometerError) {
    printError(error.message);
    return error.exitCode;
  }
  printError(`unexpected failure, please report it: ${(error as Error)?.stack ?? error}`);
  return 1;
}
