import { z } from 'zod';

/** Exit codes of the command line. */
export const EXIT = {
  ok: 0,
  usage: 2,
  regression: 3,
  inconclusive: 4,
  wrongAnswer: 5,
  interrupted: 130,
} as const;

/** A failure the user can act on: printed without a stack trace, ends the process with `exitCode`. */
export class BarometerError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.usage) {
    super(message);
    this.name = new.target.name;
    this.exitCode = exitCode;
  }
}

/** Bad input: what was given, what was expected, and what to do. Exit code 2. */
export class UsageError extends BarometerError {}

/** An implementation that this machine cannot run. Commands that measure or check go on with the others. */
export class UnavailableImplementation extends BarometerError {
  /** What was tried, and what to do. */
  readonly reason: string;

  constructor(implementation: string, reason: string) {
    super(`implementation ${implementation} is not available: ${reason}`);
    this.reason = reason;
  }
}

/** An implementation gave another answer than the workload expects. Exit code 5. */
export class WrongAnswerError extends BarometerError {
  constructor(message: string) {
    super(message, EXIT.wrongAnswer);
  }
}

/**
 * Where a value is not what its schema expects, and what is wrong there: `bounds[2].atMost: expected a number`.
 * @param whole what to say where it is the value itself: `the file`
 */
export function schemaFault(error: z.ZodError, whole: string): string {
  const { path, message } = error.issues[0]!;
  return `${z.core.toDotPath(path) || whole}: ${message}`;
}
