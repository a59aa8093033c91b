/** Options and help of the commands that measure. */
import type { Command } from 'commander';
import { withDevice, withMeasuring, withOutput } from './common-options.ts';
import {
  AB_EXAMPLES,
  AGENTS_EXAMPLES,
  CALIBRATE_EXAMPLES,
  DOCTOR_EXAMPLES,
  LITMUS_EXAMPLES,
  PROFILE_EXAMPLES,
  RUN_EXAMPLES,
} from './help-examples.ts';
import { pinnedNodeVersion } from './version.ts';

export function addRun(root: Command): void {
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

export function addAb(root: Command): void {
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

export function addAgents(root: Command): void {
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

export function addProfile(root: Command): void {
  withDevice(root.command('profile <workload>'))
    .description('where the time of one workload goes: a CPU profile by function, and by what it is spent on')
    .option('--impl <name>', 'implementation to profile: wasm, ts or native', 'wasm')
    .option('--filter <re>', 'the first variant whose name and parameters match')
    .option('--time <time>', 'of passes under the profiler, as 500ms, 4s; 100ms to 60s', '4s')
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

export function addCalibrate(root: Command): void {
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

export function addDoctor(root: Command): void {
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
