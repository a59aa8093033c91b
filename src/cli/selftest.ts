/**
 * `npm run selftest [-- FILE]`: measures the default suite, or reads saved samples, and holds them to the bounds that
 * barometer promises of its own speed (bench/bounds.json). Exit code 3 where one is missed. A development tool: it is no
 * command of the installed package.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BarometerError, EXIT, UsageError } from '../errors.ts';
import { checkBounds, parseBounds } from '../report/bounds.ts';
import { renderBounds } from '../report/bounds-table.ts';
import { loadSamples, resultsPath } from '../results/store.ts';
import { benchFolder } from '../workload/scenario.ts';
import { guardOutput, printError } from './output.ts';
import { run } from './run.ts';

const USAGE =
  'npm run selftest            measures the default suite\nnpm run selftest -- FILE    reads saved samples';

async function selftest(args: readonly string[]): Promise<number> {
  const { positionals, values } = parse(args);
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return EXIT.ok;
  }
  const boundsPath = `${benchFolder()}bounds.json`;
  const bounds = parseBounds(readFileSync(boundsPath, 'utf8'), boundsPath);
  const path = positionals[0] ?? resultsPath(new Date());
  if (positionals.length === 0) {
    const code = await run([], { device: 'gh200-120gb', impl: 'wasm,ts,native,noop', out: path });
    if (code !== EXIT.ok) return code;
  }
  const results = checkBounds(bounds, loadSamples(path));
  const { isTTY, columns } = process.stdout;
  const color = isTTY === true && !process.env.NO_COLOR;
  process.stdout.write(
    `\nBounds, medians inside one run\n${renderBounds(results, { color, width: columns || 100 })}`,
  );
  return results.some(({ verdict }) => verdict === 'missed') ? EXIT.regression : EXIT.ok;
}

function parse(args: readonly string[]) {
  try {
    const parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean' } },
    });
    if (parsed.positionals.length <= 1) return parsed;
    throw new Error(`${parsed.positionals.length} files were given; expected one`);
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
