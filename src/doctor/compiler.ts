import { type Finding, ok, warn } from './finding.ts';
import type { Machine } from './machine.ts';

const CANDIDATES = ['cc', 'gcc', 'clang'];

/** Small, and needs the headers of the C library, which some machines have no package of. */
const PROBE = '#include <stdint.h>\n#include <string.h>\nuint32_t one(void) { return 1; }\n';

export type CompilerStatus =
  | { readonly kind: 'works'; readonly command: string; readonly version: string }
  | { readonly kind: 'fails'; readonly command: string }
  | { readonly kind: 'missing'; readonly tried: readonly string[] };

/** The C compiler of this machine: that of `CC` where it is set, or the first usual one that starts. */
export function compilerStatus({ env, spawn }: Pick<Machine, 'env' | 'spawn'>): CompilerStatus {
  const commands = env.CC?.trim() ? [env.CC.trim()] : CANDIDATES;
  for (const command of commands) {
    // CC may hold arguments, as in `ccache gcc`.
    const [program = '', ...args] = command.split(/\s+/);
    const version = spawn(program, [...args, '--version'], '');
    if (version === null) continue;
    // To standard output, so that nothing is written anywhere.
    const compiled = spawn(program, [...args, '-x', 'c', '-S', '-o', '-', '-'], PROBE);
    // A program that ends well without a word of the function is no compiler: CC=true.
    const hasCompiled = compiled?.exitCode === 0 && compiled.stdout.includes('one');
    if (version.exitCode !== 0 || !hasCompiled) return { kind: 'fails', command };
    return { kind: 'works', command, version: version.stdout.split('\n')[0]!.trim() };
  }
  return { kind: 'missing', tried: commands };
}

const EFFECT = 'no native implementation in C, which the others are held against';

export function compiler(machine: Machine): Finding {
  const status = compilerStatus(machine);
  switch (status.kind) {
    case 'works':
      return ok(`${status.command}: ${status.version}`);
    case 'fails':
      return warn(`${status.command} starts, and cannot compile`, {
        effect: EFFECT,
        fix: "install gcc with the C library's headers (apt-get install gcc libc6-dev), or set CC",
      });
    case 'missing':
      return warn(`none (${status.tried.join(', ')})`, {
        effect: EFFECT,
        fix: 'install gcc (apt-get install gcc libc6-dev), or set CC',
      });
  }
}
