import type { Machine, Outcome } from '../../src/doctor/machine.ts';

export interface FakeMachine extends Partial<Machine> {
  /** Contents by path; all other files are missing. */
  readonly files?: Readonly<Record<string, string>>;
  /** What a program answers by its name; all others cannot be started. */
  readonly programs?: Readonly<Record<string, (args: readonly string[], input: string) => Outcome>>;
}

/** A machine of which nothing is known, but for what is given. Its clock takes 50 ns a reading, a piece of work 0.1 ms; nothing waits. */
export function fakeMachine({ files = {}, programs = {}, ...given }: FakeMachine = {}): Machine {
  let clockNs = 0;
  return {
    readFile: (path) => (Object.hasOwn(files, path) ? files[path]! : null),
    nowNs: () => (clockNs += 50),
    spin: () => {
      clockNs += 100_000;
    },
    spawn: (command, args, input) =>
      Object.hasOwn(programs, command) ? programs[command]!(args, input) : null,
    env: {},
    nodeVersion: '26.10.0',
    execPath: '/usr/bin/node',
    execArgv: [],
    pinnedNodeVersion: '26.10.0',
    inspectorUrl: null,
    cpuCount: 4,
    ...given,
  };
}
