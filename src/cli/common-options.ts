/** Options that several commands share. */
import type { Command } from 'commander';
import { POLICIES } from '../types.ts';

/** @param usual what is taken where the option is not given */
export function withMeasuring(command: Command, usual: { forks: string; budget: string }): Command {
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

export function withOutput(command: Command): Command {
  return command
    .option('--out <file>', 'where to save the samples (default: results/<time>.json)')
    .option('--plot', 'draw box plots of the forks below the table')
    .option('--json', 'print one JSON document, barometer/summary/1')
    .option('--quiet', 'no progress line');
}

export function withDevice(command: Command): Command {
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
