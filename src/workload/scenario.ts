import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BarometerError, schemaFault } from '../errors.ts';

const params = z.record(z.string(), z.union([z.number(), z.string()]));

const selection = z.record(z.string(), z.union([z.number(), z.string(), z.null()]));

const workloadSchema = z.strictObject({
  name: z.string(),
  params,
  /** Workloads of one group are measured interleaved, so that their ratios hold. */
  group: z.string(),
  seed: z.int().nonnegative(),
  /** Answer by `device/policy`, 8 hex digits: what every implementation must give. */
  checksums: z.record(z.string(), z.string().regex(/^[0-9a-f]{8}$/)),
});

const scenarioSchema = z.strictObject({ description: z.string(), workloads: z.array(workloadSchema) });

const suiteSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  /** Time of the whole run unless --budget says otherwise, as `45s`. */
  budget: z.string(),
  /** Forks of each group unless --forks says otherwise: as many as the budget has time for. */
  forks: z.int().positive(),
  /** Workloads by name and by the parameters that are given; `*` is every workload, null a parameter's absence. */
  workloads: z.array(z.strictObject({ name: z.string(), params: selection.optional() })),
});

export type Workload = z.infer<typeof workloadSchema>;
export type WorkloadParams = Workload['params'];
export type Scenario = z.infer<typeof scenarioSchema>;
export type Suite = z.infer<typeof suiteSchema>;

// From dist/src/workload/ and from src/workload/.
const CANDIDATES = ['../../../bench/', '../../bench/'];

/** Folder of workloads and suites. */
export function benchFolder(): string {
  const folders = CANDIDATES.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const found = folders.find((folder) => existsSync(`${folder}suite/default.json`));
  if (!found) throw new BarometerError('bench/suite/default.json is missing; install barometer again');
  return found;
}

/** Every scenario by file name, in a fixed order. */
export function loadScenarios(): Map<string, Scenario> {
  return loadFolder('scenario', parseScenario);
}

export function loadWorkloads(): Workload[] {
  return [...loadScenarios().values()].flatMap((scenario) => scenario.workloads);
}

export function loadSuites(): Suite[] {
  return [...loadFolder('suite', parseSuite).values()];
}

/**
 * @param source where the text came from, for messages: a path
 * @throws BarometerError that says where in the file something else was expected
 */
export function parseScenario(text: string, source: string): Scenario {
  return parse(scenarioSchema, text, source);
}

/** As `parseScenario`. */
export function parseSuite(text: string, source: string): Suite {
  return parse(suiteSchema, text, source);
}

function parse<T>(schema: z.ZodType<T>, text: string, source: string): T {
  const result = schema.safeParse(parseJson(text, source));
  if (result.success) return result.data;
  throw new BarometerError(`${source}: ${schemaFault(result.error, 'the file')}`);
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BarometerError(`${source}: not JSON: ${(error as Error).message}`);
  }
}

function loadFolder<T>(name: string, parseText: (text: string, source: string) => T): Map<string, T> {
  const folder = `${benchFolder()}${name}/`;
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return new Map(
    files.sort().map((file) => [file, parseText(readFileSync(folder + file, 'utf8'), folder + file)]),
  );
}
