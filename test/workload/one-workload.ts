import { loadWorkloads, type Workload } from '../../src/workload/scenario.ts';

/** The first workload of that name with these parameters. */
export function workload(name: string, params: Workload['params'] = {}): Workload {
  const found = loadWorkloads().find(
    (one) =>
      one.name === name && Object.entries(params).every(([param, value]) => one.params[param] === value),
  );
  if (!found) throw new Error(`no workload ${name} ${JSON.stringify(params)}`);
  return found;
}
