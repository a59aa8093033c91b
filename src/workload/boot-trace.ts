/** The recorded boot of a real guest, as `serve --record` has written it. */
import { readFileSync } from 'node:fs';
import { BarometerError } from '../errors.ts';
import { type LogAccess, parseLogLine } from './log-line.ts';
import { benchFolder } from './scenario.ts';

/** Path of the trace: what `barometer replay` takes. */
export function bootTracePath(): string {
  return `${benchFolder()}trace/guest-boot.log`;
}

/** Its accesses, in their order. @throws BarometerError that names the line where the file is damaged */
export function bootAccesses(): LogAccess[] {
  const path = bootTracePath();
  return readFileSync(path, 'latin1')
    .split('\n')
    .flatMap((text, i) => {
      const line = parseLogLine(text);
      if (line !== null && 'error' in line)
        throw new BarometerError(`${path}, line ${i + 1}: ${line.error}; install barometer again`);
      return line?.type === 'access' ? [line] : [];
    });
}
