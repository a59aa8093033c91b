import { spawnSync } from 'node:child_process';

/** A C compiler of this machine. */
export interface Compiler {
  /** Program and arguments that come first: `CC` may be `ccache gcc`. */
  readonly command: readonly [program: string, ...first: string[]];
  /** First line of what `--version` says. */
  readonly version: string;
}

/** Looked for in this order where `CC` is not set. */
const USUAL_NAMES = ['cc', 'gcc', 'clang'];

/** The compiler that `CC` names, or the first usual one on the path; otherwise why there is none. */
export function findCompiler(env: NodeJS.ProcessEnv): Compiler | { readonly reason: string } {
  const given = env.CC?.trim();
  if (!given) {
    const found = USUAL_NAMES.map((name) => tryCompiler([name], env)).find((compiler) => compiler !== null);
    return found ?? { reason: `no C compiler found (${USUAL_NAMES.join(', ')}): install gcc, or set CC` };
  }
  const [program = '', ...first] = given.split(/\s+/);
  const reason = `CC is ${JSON.stringify(given)}, which does not run: set it to a C compiler, or unset it`;
  return tryCompiler([program, ...first], env) ?? { reason };
}

function tryCompiler(command: Compiler['command'], env: NodeJS.ProcessEnv): Compiler | null {
  const [program, ...first] = command;
  const { error, status, stdout } = spawnSync(program, [...first, '--version'], { encoding: 'utf8', env });
  if (error || status !== 0) return null;
  return { command, version: stdout.split('\n')[0]!.trim() };
}

/** Compiles; null, or why it failed: the first line that tells of an error. */
export function compile(
  { command }: Compiler,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): string | null {
  const [program, ...first] = command;
  const { error, status, signal, stderr } = spawnSync(program, [...first, ...args], {
    encoding: 'utf8',
    env,
  });
  if (status === 0) return null;
  const lines = (stderr ?? '').split('\n').filter((line) => line.trim() !== '');
  const told = lines.find((line) => /\berror\b|cannot|not found/i.test(line)) ?? lines[0];
  const ending = signal ? `ended by ${signal}` : `exit status ${status}`;
  return `${command.join(' ')} failed: ${told ?? error?.message ?? ending}`;
}
