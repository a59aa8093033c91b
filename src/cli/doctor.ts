import { styleText } from 'node:util';
import { CHECKS } from '../doctor/checks.ts';
import type { Finding, Status } from '../doctor/finding.ts';
import type { Machine } from '../doctor/machine.ts';
import { EXIT } from '../errors.ts';
import { jsonText } from '../report/json-text.ts';
import { plainText } from '../report/plain-text.ts';

export interface DoctorIo {
  readonly stdout: { write(text: string): unknown };
  readonly machine: Machine;
  readonly color: boolean;
  /** Where a word of progress goes, if it is a terminal: a check may take a second. */
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
}

interface NamedFinding extends Finding {
  readonly name: string;
}

const STYLES = { ok: 'green', warn: 'yellow', bad: 'red', unknown: 'dim' } as const;
const NAME_WIDTH = Math.max(...CHECKS.map(({ name }) => name.length));
const STATUS_WIDTH = 'unknown'.length;
const CLEAR_LINE = '\r\u001b[2K';
const INDENT = ' '.repeat(STATUS_WIDTH + NAME_WIDTH + 4);

/**
 * Says what on this machine will disturb a measurement. Text is written check by check, so that it moves.
 * @returns exit code 0, whatever was found
 */
export function doctor(options: { json?: boolean }, io: DoctorIo): number {
  const findings: NamedFinding[] = [];
  for (const { name, run } of CHECKS) {
    const isWatched = io.stderr.isTTY === true && !io.machine.env.CI;
    if (isWatched) io.stderr.write(`${CLEAR_LINE}checking ${name} …`);
    const finding = { name, ...run(io.machine) };
    if (isWatched) io.stderr.write(CLEAR_LINE);
    findings.push(finding);
    if (!options.json) io.stdout.write(findingText(finding, io.color));
  }
  const document = { schema: 'barometer/doctor/1', checks: findings };
  io.stdout.write(options.json ? jsonText(document) : `\n${conclusion(findings)}\n`);
  return EXIT.ok;
}

function findingText({ name, status, value, effect, fix }: NamedFinding, color: boolean): string {
  const padded = status.padEnd(STATUS_WIDTH);
  const shown = color ? styleText(STYLES[status], padded, { validateStream: false }) : padded;
  const lines = [`${shown}  ${name.padEnd(NAME_WIDTH)}  ${plainText(value)}`];
  if (effect !== null) lines.push(`${INDENT}${plainText(effect)}`);
  if (fix !== null) lines.push(`${INDENT}fix: ${plainText(fix)}`);
  return lines.map((line) => `${line}\n`).join('');
}

function conclusion(findings: readonly NamedFinding[]): string {
  const count = (status: Status) => findings.filter((finding) => finding.status === status).length;
  const [bad, warn, unknown] = [count('bad'), count('warn'), count('unknown')];
  const trouble =
    bad + warn === 0
      ? 'nothing was found that would disturb a measurement'
      : `${bad} bad, which spoil results, and ${warn} to know of when reading them`;
  return unknown === 0 ? trouble : `${trouble}; ${unknown} that this machine does not tell`;
}
