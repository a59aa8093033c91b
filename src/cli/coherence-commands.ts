/** Options and help of the commands of the modelled mode. */
import type { Command } from 'commander';
import {
  COHERENCE_CALIBRATE_EXAMPLES,
  COHERENCE_CHECK_EXAMPLES,
  COHERENCE_EXAMPLES,
  COHERENCE_EXPLAIN_EXAMPLES,
  COHERENCE_PREDICT_EXAMPLES,
  COHERENCE_PROFILE_EXAMPLES,
  COHERENCE_SWEEP_EXAMPLES,
  COHERENCE_VALIDATE_EXAMPLES,
} from './help-examples.ts';

const REFERENCE = 'gh200-120gb';

export function addCoherence(root: Command): void {
  const command = root
    .command('coherence')
    .description(
      'a modelled CPU and GPU that share memory coherently: checks of the protocol, and predictions',
    )
    .addHelpText('after', COHERENCE_EXAMPLES);
  addCheck(command);
  addValidate(command);
  addPredict(command);
  addExplain(command);
  addSweep(command);
  addCalibrate(command);
  addProfile(command);
  for (const child of command.commands) child.exitOverride();
}

function addCheck(parent: Command): void {
  parent
    .command('check')
    .description(
      'all states of small worlds, planted bugs, litmus tests, random traffic watched event by event',
    )
    .option('--quick', 'smaller worlds, litmus tests of two threads alone, less traffic')
    .option('--json', 'print one JSON document, barometer/coherence-check/1')
    .option('--quiet', 'no progress line')
    .addHelpText('after', COHERENCE_CHECK_EXAMPLES)
    .action(async (flags) => {
      const { coherenceCheck } = await import('./coherence-check.ts');
      process.exitCode = await coherenceCheck(flags);
    });
}

const PROFILE = [
  '--profile <profile>',
  'a built-in one, or a file such as `coherence profile` prints',
] as const;

function withProfile(command: Command, schema: string): Command {
  return command
    .option(...PROFILE, REFERENCE)
    .option('--json', `print one JSON document, ${schema}`)
    .option('--quiet', 'no progress line');
}

function addValidate(parent: Command): void {
  withProfile(parent.command('validate'), 'barometer/coherence-validation/1')
    .description('the model against every published figure, none left out')
    .addHelpText('after', COHERENCE_VALIDATE_EXAMPLES)
    .action(async (flags) => {
      const { coherenceValidate } = await import('./coherence-validate.ts');
      process.exitCode = await coherenceValidate(flags);
    });
}

function addPredict(parent: Command): void {
  withProfile(
    parent.command('predict [pattern...]'),
    'barometer/coherence-prediction/1, or coherence-replay/1 of a trace',
  )
    .description(
      'latencies with what they are the sum of, ping-pong, bandwidths; or patterns of `agents`; or a trace of accesses',
    )
    .option('--placement <list>', 'memory that is accessed: lpddr, hbm (default: both; of a trace: hbm)')
    .option('--agents <list>', 'numbers of agents of a pattern, as 1,2,4 or 1..64 (default: 2)')
    .option('--footprint <list>', 'bytes that they share, as 32KiB,1MiB or 32KiB..1GiB (default: 256KiB)')
    .option('--filter <re>', 'only rows whose name and parameters match')
    .option('--trace <log>', 'accesses of a QEMU trace log, or of serve --record; - for standard input')
    .option('--device <device>', 'device of the trace, see `barometer list` (default: gh200-120gb)')
    .option('--of <name>', 'its name in the trace (default: that of the first access)')
    .addHelpText('after', COHERENCE_PREDICT_EXAMPLES)
    .action(async (patterns: string[], flags) => {
      const { coherencePredict } = await import('./coherence-predict.ts');
      process.exitCode = await coherencePredict(patterns, flags);
    });
}

function addExplain(parent: Command): void {
  parent
    .command('explain')
    .argument('<access...>', 'who does what to which memory: grace load hbm')
    .description('the messages of one access, and what its latency is the sum of')
    .option('--line <before>', 'who has the line before it', 'nobody')
    .option(...PROFILE, REFERENCE)
    .option('--json', 'print one JSON document, barometer/coherence-explanation/1')
    .option('--svg <file>', 'save a sequence diagram')
    .addHelpText('after', COHERENCE_EXPLAIN_EXAMPLES)
    .action(async (words: string[], flags) => {
      const { coherenceExplain } = await import('./coherence-explain.ts');
      coherenceExplain(words, flags);
    });
}

function addSweep(parent: Command): void {
  withProfile(
    parent.command('sweep'),
    'barometer/coherence-sweep/1, or coherence-elasticities/1 of all parameters',
  )
    .argument('[parameter]', 'of the profile; all, each moved by a fifth, where none is named')
    .argument(
      '[figures...]',
      'names or patterns with *; those fitted or held out, without copies, unless given',
    )
    .description('what a parameter of the profile does to figures')
    .option('--from <value>', 'first value with its unit (default: half of what the profile has)')
    .option('--to <value>', 'last value (default: twice of it)')
    .option(
      '--points <n>',
      'values from first to last, each the same factor above the one before (default: 9)',
    )
    .option('--values <list>', 'these values, with commas between')
    .option('--csv', 'print lines of comma-separated values')
    .option('--svg <file>', 'save a drawing')
    .addHelpText('after', COHERENCE_SWEEP_EXAMPLES)
    .action(async (parameter: string | undefined, figures: string[], flags) => {
      const { coherenceSweep } = await import('./coherence-sweep.ts');
      process.exitCode = await coherenceSweep(parameter, figures, flags);
    });
}

function addCalibrate(parent: Command): void {
  withProfile(parent.command('calibrate'), 'barometer/coherence-calibration/1')
    .description('fit a profile to the published figures of the calibration set, and print it')
    .option('--seed <n>', 'of the starts of the fit beside the profile', '1')
    .option('--out <file>', 'save the fitted profile there, and print how far its figures are off')
    .addHelpText('after', COHERENCE_CALIBRATE_EXAMPLES)
    .action(async (flags) => {
      const { coherenceCalibrate } = await import('./coherence-calibrate.ts');
      process.exitCode = await coherenceCalibrate(flags);
    });
}

function addProfile(parent: Command): void {
  parent
    .command('profile')
    .argument('[name]', 'gh200-120gb or pcie-gen5-io-coherent', REFERENCE)
    .description('print a built-in profile: every parameter, and how anybody knows')
    .addHelpText('after', COHERENCE_PROFILE_EXAMPLES)
    .action(async (name: string) => {
      const { coherenceProfile } = await import('./coherence-profile.ts');
      process.stdout.write(coherenceProfile(name));
    });
}
