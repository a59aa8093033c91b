import type { Machine } from './machine.ts';

/** `unknown`: the machine does not tell, or says what nobody understands. */
export type Status = 'ok' | 'warn' | 'bad' | 'unknown';

export interface Finding {
  readonly status: Status;
  /** What was found, for people. */
  readonly value: string;
  /** What it does to results; null unless `warn` or `bad`. */
  readonly effect: string | null;
  /** A command, or words where no command helps; null unless `warn` or `bad`. */
  readonly fix: string | null;
}

export interface Check {
  readonly name: string;
  readonly run: (machine: Machine) => Finding;
}

export function ok(value: string): Finding {
  return { status: 'ok', value, effect: null, fix: null };
}

export function unknown(value: string): Finding {
  return { status: 'unknown', value, effect: null, fix: null };
}

/** What disturbs, in one line each. */
interface Trouble {
  readonly effect: string;
  readonly fix: string;
}

export function warn(value: string, { effect, fix }: Trouble): Finding {
  return { status: 'warn', value, effect, fix };
}

export function bad(value: string, { effect, fix }: Trouble): Finding {
  return { status: 'bad', value, effect, fix };
}
