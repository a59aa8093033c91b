/** `barometer conform --device vfio-user:PATH`: whether a device that somebody serves answers as PCI and VFIO have it. */
import { RESTORED_ID, runServedConformance } from '../conform/served/run-served.ts';
import { EXIT, UsageError } from '../errors.ts';
import { jsonText } from '../report/json-text.ts';
import { reportText } from './conform.ts';
import { listenForInterrupts } from './measured-run.ts';
import { isServed, withClient } from './served-function.ts';

export interface ServedConformFlags {
  readonly impl?: string;
  readonly vectors?: string;
  /** Whether checks may write registers. */
  readonly allowWrites?: boolean;
  /** One JSON document instead of text. */
  readonly json?: boolean;
}

export interface ServedConformIo {
  readonly stdout: { write(text: string): unknown };
}

/**
 * Runs the checks and prints the outcome: all of them, or those before Ctrl-C.
 * @returns the exit code: 5 where any failed; 130 where it was interrupted, unless registers are not as they were
 * @throws UsageError for flags that say nothing of a served device; another BarometerError where the server fails
 */
export async function conformServed(
  device: string,
  flags: ServedConformFlags,
  { stdout }: ServedConformIo,
): Promise<number> {
  expectServed(device, flags);
  const interrupt = listenForInterrupts();
  try {
    const permitted = flags.allowWrites ? 'writes' : 'reads';
    const check = () =>
      withClient(device, (client) => runServedConformance(client, permitted, interrupt.signal));
    const report = await (flags.allowWrites ? interrupt.holdExitDuring(check) : check());
    stdout.write(flags.json ? jsonText(report) : reportText(report));
    if (report.failures.some(({ id }) => id === RESTORED_ID)) return EXIT.wrongAnswer;
    if (interrupt.signal.aborted) return EXIT.interrupted;
    return report.failed > 0 ? EXIT.wrongAnswer : EXIT.ok;
  } finally {
    interrupt.dispose();
  }
}

function expectServed(device: string, { impl, vectors }: ServedConformFlags): void {
  if (!isServed(device)) {
    throw new UsageError(
      `--device ${device}: expected vfio-user:PATH; without --device the suite is run, which brings devices of its own`,
    );
  }
  const found = Object.entries({ impl, vectors }).find(([, value]) => value !== undefined);
  if (found) {
    throw new UsageError(
      `--${found[0]} ${found[1]}: ${device} is checked as it is served; leave one of them out`,
    );
  }
}
