/** Other programs, and what they say. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { BarometerError } from '../../errors.ts';

export interface CommandOptions {
  readonly cwd?: string;
  readonly input?: string;
  readonly signal?: AbortSignal;
}

/** Standard output. @throws BarometerError where the program is missing or fails, with the end of what it said */
export async function runCommand(
  program: string,
  args: readonly string[],
  { cwd, input, signal }: CommandOptions = {},
): Promise<Buffer> {
  const child = spawn(program, args, {
    stdio: 'pipe',
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    ...(cwd === undefined ? {} : { cwd }),
    ...(signal === undefined ? {} : { signal }),
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on('error', () => {}); // a program that reads nothing of it
  child.stdin.end(input);
  let failure: string | null = null;
  child.on('error', (error) => {
    failure = error.message;
  });
  const stderr = text(child.stderr);
  // Also where it could not be started, or was ended: nothing of it is left.
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (exit === 0) return Buffer.concat(chunks);
  const why = failure ?? (lastLine(await stderr) || `ended with ${exit}`);
  throw new BarometerError(`${[program, ...args.slice(0, 2)].join(' ')}: ${why}`);
}

export function lastLine(output: string): string {
  return (
    output
      .trim()
      .split(/[\r\n]+/)
      .at(-1) ?? ''
  );
}
