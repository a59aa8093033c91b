/**
 * `npm run selftest`: what barometer promises of itself. Without the name of an experiment it measures the default suite,
 * or reads saved samples, and holds them to the bounds of its own speed (bench/bounds.json); with one it puts its verdicts
 * to the proof (experiments.ts). Exit code 3 where a promise is missed. A development tool: no command of the installed
 * package.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BarometerError, EXIT, UsageError } from '../errors.ts';
import { timerCostNs } from '../measure/calibrate-batch.ts';
import { recordCostNs } from '../measure/record-cost.ts';
import { checkBounds, parseBounds } from '../report/bounds.ts';
import { renderBounds } from '../report/bounds-table.ts';
import { callCosts, exceedsHarness, exceedsRecord, harnessLine, recordLine } from '../report/harness.ts';
import { stackRows } from '../report/stack.ts';
import { loadSamples, resultsPath } from '../results/store.ts';
import { benchFolder } from '../workload/scenario.ts';
import { coherenceSpeed } from './coherence-speed.ts';
import { EXPERIMENTS, experiment } from './experiments.ts';
import { gateExperiment } from './gate-experiment.ts';
import { killExperiment } from './kill-experiment.ts';
import { guardOutput, printError } from './output.ts';
import { profileExperiment } from './profile-experiment.ts';
import { run } from './run.ts';

const USAGE = `
npm run selftest                       holds a run of the default suite to bench/bounds.json
npm run selftest -- FILE               the same for saved samples
npm run selftest -- aa [--hog]         identical arms: false verdicts, and those that are the same
npm run selftest -- slow --effect 3%   a build with extra work: how often it is found
                [--repeat N]           thousandths of each batch that it does twice, to come nearer to the effect
npm run selftest -- coverage           how often intervals hold the truth, whatever order, seed and forks
npm run selftest -- tinybench          what tinybench's statistics say of the samples of aa
npm run selftest -- kill               a run that is killed at random moments
npm run selftest -- gate               the recipe for CI: a slower head fails, 50 identical ones pass
npm run selftest -- profile            what profiling costs, and whether profiles agree with cost stacks
npm run selftest -- coherence          accesses a second of the modelled mode's simulator: wasm, ts, and a bound in C

--budget TIME   of this call (default: 10m), the last trial ends later; another call goes on where the file ends
--out FILE      where the trials are (default: results/selftest-….ndjson)
--margin, --forks   as of barometer ab; aa takes the calibrated noise floor unless --margin is given`.trim();

async function selftest(args: readonly string[]): Promise<number> {
  const { positionals, values } = parse(args);
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return EXIT.ok;
  }
  const [first, ...others] = positionals;
  const name = EXPERIMENTS.find((one) => one === first);
  if (name && others.length === 0) return experiment(name, values);
  const options = Object.keys(values);
  if (options.length > 0) throw new UsageError(`--${options[0]}: is for experiments only\n${USAGE}`);
  if (others.length > 0)
    throw new UsageError(`${positionals.length} files were given; expected one\n${USAGE}`);
  if (first === 'kill') return killExperiment(Date.now());
  if (first === 'profile') return profileExperiment();
  if (first === 'coherence') return coherenceSpeed();
  return first === 'gate' ? gateExperiment() : checkSpeed(first);
}

async function checkSpeed(file: string | undefined): Promise<number> {
  const boundsPath = `${benchFolder()}bounds.json`;
  const bounds = parseBounds(readFileSync(boundsPath, 'utf8'), boundsPath);
  const path = file ?? resultsPath(new Date());
  if (file === undefined) {
    const code = await run([], { device: 'gh200-120gb', impl: 'wasm,ts,native,noop', out: path });
    if (code !== EXIT.ok) return code;
  }
  const samples = loadSamples(path);
  const results = checkBounds(bounds, samples);
  const calls = callCosts(stackRows(samples));
  const record = { recordNs: recordCostNs(), readingNs: timerCostNs() };
  const { isTTY, columns } = process.stdout;
  const color = isTTY === true && !process.env.NO_COLOR;
  process.stdout.write(
    `\nBounds, medians inside one run\n${renderBounds(results, { color, width: columns || 100 })}` +
      `${harnessLine(calls, samples.settings)}\n${recordLine(record)}\n`,
  );
  const isMissed =
    results.some(({ verdict }) => verdict === 'missed') || exceedsHarness(calls) || exceedsRecord(record);
  return isMissed ? EXIT.regression : EXIT.ok;
}

function parse(args: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: flag,
        hog: flag,
        budget: text,
        margin: text,
        forks: text,
        effect: text,
        repeat: text,
        out: text,
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

guardOutput();
selftest(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    printError(error instanceof BarometerError ? error.message : String((error as Error)?.stack ?? error));
    process.exitCode = error instanceof BarometerError ? error.exitCode : 1;
  },
);
