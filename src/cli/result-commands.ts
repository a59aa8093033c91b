/** Options and help of the commands on saved results. */
import type { Command } from 'commander';
import { COMPARE_EXAMPLES, HISTORY_EXAMPLES, MERGE_EXAMPLES, REPORT_EXAMPLES } from './help-examples.ts';
import { printError, warnOnTerminal } from './output.ts';

export function addCompare(root: Command): void {
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

export function addMerge(root: Command): void {
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

export function addReport(root: Command): void {
  root
    .command('report <files...>')
    .description('saved results for reviewers, for CI, and in the formats of other programs')
    .option('--html <file>', 'one page for a browser that needs no network')
    .option('--open', 'open the page of --html in a browser')
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
      const { openPage } = await import('./open-page.ts');
      const { stdout, env } = process;
      process.exitCode = report(paths, flags, { stdout, env, warn: warnOnTerminal, open: openPage });
    });
}

export function addHistory(root: Command): void {
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
