/** Which version is read, and where a new one comes from. */
import { Violation } from '../explore/violation.ts';
import { type LineShadow, NONE } from './line-shadow.ts';
import type { Shadow } from './shadow.ts';

/** @param who reads, or hands out @throws Violation where that is not the version of the last write */
export function expectNewest(shadow: Shadow, line: LineShadow, version: number, who: string): void {
  shadow.checks['data value']++;
  if (version === line.newest) return;
  throw new Violation(
    'data value',
    `${who} has ${versionText(version)} of line ${line.line}, the newest is version ${line.newest}`,
  );
}

/** A GPU agent never goes back behind its last acquire, nor behind what it has read or written. @throws Violation */
export function expectFresh(shadow: Shadow, line: LineShadow, agent: number, version: number): void {
  shadow.checks['data value']++;
  const since = line.since[agent]!;
  if (version < since) {
    throw new Violation(
      'data value',
      `${shadow.nameOf(agent)} reads ${versionText(version)} of line ${line.line}, and version ${since} ` +
        'was there at its last acquire, or read by it',
    );
  }
  line.since[agent] = version;
}

function versionText(version: number): string {
  return version === NONE ? 'no data' : `version ${version}`;
}

/** A core writes to its copy, which has to be the newest: a write is of some bytes, and keeps the others. */
export function writeCopy(shadow: Shadow, line: LineShadow, agent: number): void {
  expectNewest(shadow, line, line.versions[agent]!, shadow.nameOf(agent));
  line.newest++;
  line.versions[agent] = line.newest;
}

/** The same at the home. */
export function writeMemory(shadow: Shadow, line: LineShadow): void {
  expectNewest(shadow, line, line.memory, 'memory');
  line.newest++;
  line.memory = line.newest;
}
