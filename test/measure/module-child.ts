/** Workload modules in processes of their own, on the built code: Node loads them there, and they may end it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';

const built = (path: string) => JSON.stringify(new URL(`../../dist/src/${path}.js`, import.meta.url).href);

/** Makes the arms of every module named, times each a few times, and prints for each module how that went. */
const MEASURE = `
import { createModuleArms } from ${built('measure/module-arm')};
const outcomes = {};
for (const path of process.argv.slice(1)) {
  try {
    const arms = await createModuleArms(path, { build: 'b' });
    for (const arm of arms) for (let i = 0; i < 3; i++) arm.time(3);
    outcomes[path] = arms.map((arm) => arm.workload.name + ' is measured').join();
  } catch (error) {
    outcomes[path] = error.name + ': ' + error.message;
  }
}
console.log(JSON.stringify(outcomes));
`;

const argumentsFor = (paths: readonly string[]) => ['--input-type=module', '-e', MEASURE, '--', ...paths];

/** How measuring each of the modules went, in one process. */
export function measureModules(paths: readonly string[]): Record<string, string> {
  return JSON.parse(execFileSync(process.execPath, argumentsFor(paths), { encoding: 'utf8' }));
}

/** Starts measuring a module that may never come back. */
export function startMeasuring(path: string): ChildProcess {
  return spawn(process.execPath, argumentsFor([path]), { stdio: ['ignore', 'pipe', 'pipe'] });
}
