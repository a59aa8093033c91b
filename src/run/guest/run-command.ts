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
  const failed = new Promise<string>((resolve) => child.on('error', (error) => resolve(error.message)));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const stderr = text(child.stderr);
  const exit = await Promise.race([ended, failed]);
  if (exit === 0) return Buffer.concat(chunks);
  const why = typeof exit === 'string' ? exit : lastLine(await stderr);
  throw new BarometerError(`${[program, ...args.slice(0, 2)].join(' ')}: ${why || `ended with ${exit}`}`);
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
