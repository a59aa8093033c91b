/** What `npm pack` gives, on the oldest Node that it takes, and on the line between that and the one that runs the tests. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkTraffic } from '../../src/coherence/check/traffic.ts';
import { openCoherenceProfile } from '../../src/coherence/profiles/profiles.ts';
import { tsCore } from '../../src/coherence/simulate/ts-core.ts';
import { INSTALL_MS, type PackedProject, packedProject } from './packed-project.ts';

const ENTRY = 'node_modules/barometer/dist/src/cli/barometer.cjs';
const SHORT = ['--budget', '1ms', '--forks', '1'];
const MODEL = './node_modules/barometer/dist/src/coherence';
const ACCESSES = 200;
/** Of the same simulated traffic, here. */
const { traceHash } = checkTraffic(openCoherenceProfile('gh200-120gb').values, ACCESSES, tsCore);

describe.each(['22.15.0', '24.21.0'])('on Node %s', (version) => {
  let project: PackedProject;
  const node = (...args: string[]) => project.ended('node_modules/node/bin/node', args);

  beforeAll(async () => {
    project = await packedProject(`node@${version}`);
    const text =
      'export function sum(n) { let s = 0; for (let i = 0; i < n; i++) s = (s + i) | 0; return s; }\n';
    writeFileSync(join(project.folder, 'bench.mjs'), text);
  }, INSTALL_MS);
  afterAll(() => project?.remove());

  test('the library loads, emulates, measures and simulates', async () => {
    writeFileSync(
      join(project.folder, 'script.js'),
      `import { measure, openDevice, summarize } from 'barometer';
       import { checkTraffic } from '${MODEL}/check/traffic.js';
       import { openCoherenceProfile } from '${MODEL}/profiles/profiles.js';
       import { tsCore } from '${MODEL}/simulate/ts-core.js';
       import { wasmCore } from '${MODEL}/simulate/wasm-core.js';
       for (const implementation of ['wasm', 'ts', 'native']) {
         const device = openDevice('gh200-120gb', { implementation });
         device.configWrite(0x24, 4, 0xffffffff);
         console.log(implementation, device.configRead(0x24, 4).toString(16));
       }
       const { values } = openCoherenceProfile('gh200-120gb');
       for (const core of [wasmCore, tsCore]) console.log(checkTraffic(values, ${ACCESSES}, core).traceHash);
       const [row] = summarize(await measure('bench.mjs', { budgetMs: 1, forks: 1 })).workloads;
       console.log(process.versions.node, row.name, row.nsPerOp.estimate > 0);`,
    );
    const { exitCode, stdout, stderr } = await node('script.js');
    const answers = ['wasm', 'ts', 'native'].map((name) => `${name} ffffffe0\n`);
    const lines = [...answers, `${traceHash}\n`, `${traceHash}\n`, `${version} sum true\n`];
    expect([exitCode, stdout, stderr]).toEqual([0, lines.join(''), '']);
  });

  test('each implementation is measured, and the result is read again', async () => {
    const which = ['config-read/batch', '--filter', '"widthBytes":4,"mix":"header"'];
    const measured = await node(ENTRY, 'run', ...which, ...SHORT, '--json', '--out', 'a.json');
    expect([measured.exitCode, measured.stderr]).toEqual([0, '']);
    const { workloads } = JSON.parse(measured.stdout) as {
      workloads: { implementation: string; runtime: string; available: boolean; reason: string | null }[];
    };
    const rows = workloads.map(({ implementation, runtime, available, reason }) => {
      return `${implementation} ${runtime} ${available ? 'measured' : reason}`;
    });
    const expected = ['wasm', 'ts', 'native', 'noop'].map((name) => `${name} node ${version} measured`);
    expect(rows.toSorted()).toEqual(expected.toSorted());
    const commands = [
      ['ab', 'bench.mjs', 'bench.mjs', ...SHORT, '--out', 'ab.json'],
      ['compare', 'a.json', 'a.json'],
      ['report', 'ab.json', '--markdown'],
      ['history', 'add', 'a.json', '--file', 'history.ndjson'],
      ['history', 'show', '--file', 'history.ndjson'],
      ['conform'],
    ];
    for (const command of commands) {
      const { exitCode, stderr } = await node(ENTRY, ...command);
      expect([command[0], exitCode, stderr]).toEqual([command[0], 0, '']);
    }
  });
});
