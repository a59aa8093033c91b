/**
 * The recorded answer of every workload, on the default device. All implementations have to give it. After a
 * change that is meant to change answers, accept the new files with: npx vitest run -u
 */
import { expect, test } from 'vitest';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { prepareWorkload } from '../../src/workload/prepare.ts';
import { benchFolder, loadScenarios, type Scenario, type Workload } from '../../src/workload/scenario.ts';
import { ANSWERING } from '../implementations.ts';

const DEVICE = 'gh200-120gb';
const spec = specFromFlags({ device: DEVICE });

function answer(workload: Workload): string {
  const answers = ANSWERING.map((implementation) => {
    const prepared = prepareWorkload(workload, spec, implementation);
    prepared.answer();
    return prepared.answer();
  });
  for (const other of answers)
    expect(other, `${workload.name} ${JSON.stringify(workload.params)}`).toBe(answers[0]);
  return answers[0]!;
}

/** One workload a line: a table to read, and a small diff when a line changes. */
function format({ description, workloads }: Scenario): string {
  const lines = workloads.map((workload) => `    ${JSON.stringify(workload)}`);
  return `{\n  "description": ${JSON.stringify(description)},\n  "workloads": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

test.for([...loadScenarios()])('bench/scenario/%s', async ([file, scenario]) => {
  const workloads = scenario.workloads.map((workload) => ({
    ...workload,
    checksums: { ...workload.checksums, [`${DEVICE}/${spec.policy}`]: answer(workload) },
  }));
  await expect(format({ ...scenario, workloads })).toMatchFileSnapshot(`${benchFolder()}scenario/${file}`);
});
