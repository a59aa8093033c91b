/** Failures of workload modules in words: who failed, doing what, where in the file, and what to do. */
import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../errors.ts';

const SHOWN_CHARS = 300;

/** What to do about errors that Node reports in words of its own. */
const ADVICE: Readonly<Record<string, string>> = {
  ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING:
    'Node runs no TypeScript inside node_modules: copy the file out of there, or compile it to JavaScript',
  ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX:
    'Node removes types and generates no code: no enum, namespace or parameter property, or compile the file to JavaScript',
  ERR_MODULE_NOT_FOUND:
    'relative imports need their extension, as in "./parser.ts"; packages must be installed',
};

/**
 * @param what who threw, and when: `sum threw in its set-up`
 * @param error whatever was thrown
 */
export function moduleThrew(path: string, what: string, error: unknown): UsageError {
  const place = placeOf(error, path);
  const advice = adviceFor(error, path, place);
  return new UsageError(
    `${path}: ${what}: ${describe(error)}${place ? ` (${place})` : ''}${advice ? `; ${advice}` : ''}`,
  );
}

/** How a process ended that ran a module. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** How long it was waited for before it was killed; null where it ended by itself. */
  readonly killedAfterMs: number | null;
}

/**
 * For a process that ended without saying why, as the parent sees it.
 * @param when what it was doing: `while it was imported`, `while sum was measured`
 */
export function moduleEnded(path: string, when: string, end: ProcessEnd): UsageError {
  return new UsageError(`${path}: ${causeOf(end, when)}`);
}

function causeOf({ exitCode, signal, killedAfterMs }: ProcessEnd, when: string): string {
  if (killedAfterMs !== null) {
    return (
      `did not come back within ${killedAfterMs / 1000} s ${when}, and was stopped: ` +
      'expected n operations and a loop that ends, and that a setup or a top-level await is settled'
    );
  }
  if (signal !== null) {
    return `its process was ended by ${signal} ${when}: run the file with node alone, it may need more memory`;
  }
  return (
    `ended its process with code ${exitCode} ${when}: a module that is measured must not call process.exit, ` +
    'nor throw where nobody catches it'
  );
}

/** `TypeError: no way`, on one line, whatever was thrown. */
function describe(error: unknown): string {
  const text = textOf(error);
  const line = text.split(/[\r\n\u2028\u2029]/, 1)[0]!;
  return line.length > SHOWN_CHARS ? `${line.slice(0, SHOWN_CHARS)}…` : line;
}

/** Conversions and getters belong to whoever threw, and may throw again. */
function textOf(error: unknown): string {
  try {
    return String(error) || 'an error without a message';
  } catch {
    return `a thrown ${typeof error} that has no text`;
  }
}

/**
 * `my-bench.ts:12:7`: the topmost line of the stack that is in the module itself; for a syntax error that Node
 * places, the file and line that it names above the stack. Empty where there is neither.
 */
function placeOf(error: unknown, path: string): string {
  const stack = stackOf(error);
  const real = realPath(path);
  for (const file of [pathToFileURL(real).href, real]) {
    const rest = stack.split(file).slice(1);
    const position = rest.map((text) => /^(?:\?module=\d+)?(:\d+(?::\d+)?)/.exec(text)?.[1]).find(Boolean);
    if (position) return `${basename(path)}${position}`;
  }
  const head = /^(\S.*?)(?:\?module=\d+)?(:\d+)$/.exec(stack.split('\n', 1)[0]!);
  return head ? `${basename(head[1]!)}${head[2]}` : '';
}

function stackOf(error: unknown): string {
  try {
    return String((error as Error).stack);
  } catch {
    return '';
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function adviceFor(error: unknown, path: string, place: string): string {
  const code = codeOf(error);
  if (code in ADVICE) return ADVICE[code]!;
  if (error instanceof SyntaxError && place === '')
    return `\`node --check ${JSON.stringify(path)}\` shows where`;
  return '';
}

function codeOf(error: unknown): string {
  try {
    return String((error as NodeJS.ErrnoException).code);
  } catch {
    return '';
  }
}
