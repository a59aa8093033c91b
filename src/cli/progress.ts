import type { Progress } from '../run/run-workloads.ts';

/** Often enough to look alive, seldom enough to cost nothing. */
const MIN_INTERVAL_MS = 100;
const CLEAR_LINE = '\r\u001b[2K';

/** A line on standard error that is rewritten in place: workload, arm and time left. */
export class ProgressLine {
  private readonly stream: NodeJS.WriteStream;
  private readonly enabled: boolean;
  private lastMs = 0;
  private shown = false;

  constructor(stream: NodeJS.WriteStream, quiet: boolean) {
    this.stream = stream;
    this.enabled = stream.isTTY === true && !quiet && !process.env.CI;
  }

  update({ workload, implementation, phase, pass, passCount, leftMs }: Progress): void {
    const now = Date.now();
    if (!this.enabled || now - this.lastMs < MIN_INTERVAL_MS) return;
    this.lastMs = now;
    this.shown = true;
    const left = `${Math.ceil(leftMs / 1000)} s left`;
    const line =
      `fork ${pass + 1} of at most ${passCount}  ${workload}  ${implementation ?? ''}  ${phase}  ${left}`.slice(
        0,
        (this.stream.columns || 80) - 1,
      );
    this.stream.write(CLEAR_LINE + line);
  }

  /** Something else than the state of a run, at once. */
  say(text: string): void {
    if (!this.enabled) return;
    this.shown = true;
    this.stream.write(CLEAR_LINE + text.slice(0, (this.stream.columns || 80) - 1));
  }

  /** Lines that stay: what has been measured so far. */
  keep(lines: readonly string[]): void {
    if (!this.enabled) return;
    this.clear();
    for (const line of lines) this.stream.write(`${line.slice(0, (this.stream.columns || 80) - 1)}\n`);
  }

  clear(): void {
    if (this.shown) this.stream.write(CLEAR_LINE);
    this.shown = false;
  }
}
