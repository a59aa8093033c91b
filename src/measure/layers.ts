/** Arms that show what the time of rows is made of; report/stack.ts makes shares of them. */
import type { DeviceSpec } from '../device/device-spec.ts';
import { selectedNative, withNativeBuild } from '../device/native/native-device.ts';
import { withCoreBuild } from '../device/wasm/module.ts';
import { BATCH_LAYER, DIRECT_WORKLOAD, isDirectCounterpart, sharedLayerOf } from '../results/layers.ts';
import type { Implementation } from '../types.ts';
import { isInRange, makeDirect } from '../workload/direct-accesses.ts';
import { prepareWorkload } from '../workload/prepare.ts';
import type { PreparedWorkload } from '../workload/prepared.ts';
import type { Workload } from '../workload/scenario.ts';
import type { Server } from '../workload/workbench.ts';
import { createArm, type MeasuredArm } from './arm.ts';

/** Rows whose device is larger get no second one: it would push theirs out of the caches, or out of memory. */
const MAX_SECOND_DEVICE_BYTES = 128 * 2 ** 20;

/** A walk over fewer packed accesses would be a call more than a walk. */
const MIN_WALK = 1024;
/** Calls without work in one pass: their number does not depend on how many accesses a row has. */
const CALLS = 1024;

/** A row that is measured in this fork. */
export interface LayeredRow {
  /** As it was prepared, seed included. */
  readonly workload: Workload;
  readonly implementation: Implementation;
  readonly prepared: PreparedWorkload;
  /** A class of its own and the same layout for one more device like the row's. */
  readonly setup?: () => Promise<Omit<Server, 'implementation'>>;
}

export interface LayerContext {
  readonly spec: DeviceSpec;
  readonly buildOf: (implementation: Implementation) => string;
}

/**
 * The layer arms that `rows` of one group need: those that rows share once for each implementation, `copy` and
 * `unchecked` once for each row that they apply to. They are measured in the rounds of the rows themselves.
 * Arms of `copy` and `unchecked` do the row's work in another way: each must give the row's answer.
 */
export async function createLayerArms(
  rows: readonly LayeredRow[],
  context: LayerContext,
): Promise<MeasuredArm[]> {
  const layered = rows.filter(isLayered);
  const byImplementation = Map.groupBy(layered, ({ implementation }) => implementation);
  const arms: MeasuredArm[] = [];
  for (const its of byImplementation.values()) {
    const own: MeasuredArm[] = [];
    for (const row of its) own.push(...(await rowLayers(row, its, context)));
    const batches = its.some(({ prepared }) => prepared.path === 'batch');
    if (batches || own.some(({ layer }) => layer === 'copy')) {
      arms.push(...(await batchLayers(its, context)));
    }
    arms.push(...(await callLayers(its, context)), ...own);
  }
  return arms;
}

/** Work that does nothing is a layer itself. */
function isLayered({ workload, implementation }: LayeredRow): boolean {
  return implementation !== 'noop' && !workload.name.startsWith('noop/');
}

/** The walk over as many packed accesses as the longest batch has, and calls without work. */
async function batchLayers(rows: readonly LayeredRow[], context: LayerContext): Promise<MeasuredArm[]> {
  const { workload, implementation, setup } = rows[0]!;
  const build = context.buildOf(implementation);
  const accesses = Math.max(MIN_WALK, ...rows.map(({ prepared }) => prepared.accessCount));
  const prepare = async (name: string, count: number) => {
    const nothing: Workload = { ...workload, name, params: { accesses: count } };
    return prepareWorkload(nothing, context.spec, implementation, await setup?.());
  };
  const shared = { name: BATCH_LAYER, params: {} };
  const walk = await createArm(
    shared,
    implementation,
    await prepare('noop/batch', accesses),
    build,
    'harness',
  );
  if (!hasBoundary(implementation)) return [walk];
  const calls = await prepare('noop/call', CALLS);
  return [walk, await createArm(shared, implementation, calls, build, 'boundary')];
}

/** For each kind of call, the loop alone and the loop with calls without work; on the first row's own accesses. */
async function callLayers(rows: readonly LayeredRow[], context: LayerContext): Promise<MeasuredArm[]> {
  const calls = rows.filter(({ prepared }) => prepared.path !== 'batch');
  const arms: MeasuredArm[] = [];
  for (const [name, [row]] of Map.groupBy(calls, ({ workload }) => sharedLayerOf(workload.name))) {
    const { implementation, prepared } = row!;
    const model: PreparedWorkload = { ...prepared, path: 'model' };
    const layers = hasBoundary(implementation) ? (['harness', 'boundary'] as const) : (['harness'] as const);
    for (const layer of layers) {
      const shared = { name, params: {} };
      arms.push(await createArm(shared, implementation, model, context.buildOf(implementation), layer));
    }
  }
  return arms;
}

function hasBoundary(implementation: Implementation): boolean {
  return implementation === 'wasm' || implementation === 'native';
}

/** What only this row has: its bytes moved directly, and the row without bounds checks. */
async function rowLayers(
  row: LayeredRow,
  rows: readonly LayeredRow[],
  context: LayerContext,
): Promise<MeasuredArm[]> {
  const { workload, implementation, prepared } = row;
  if (workload.name === DIRECT_WORKLOAD || prepared.path === 'library') return [];
  if (prepared.device.memory.u8.length > MAX_SECOND_DEVICE_BYTES) return [];
  const build = context.buildOf(implementation);
  const arms: MeasuredArm[] = [];
  const direct = await directWork(row, rows, context);
  if (direct) arms.push(await createArm(workload, implementation, direct, build, 'copy'));
  if (hasUncheckedBuild(implementation) && isInRange(prepared)) {
    const setup = await row.setup?.();
    const unchecked = withoutChecks(() => prepareWorkload(workload, context.spec, implementation, setup));
    arms.push(await createArm(workload, implementation, unchecked, build, 'unchecked'));
  }
  return arms;
}

/** The row's accesses straight on the memory; null where the group has them as a row, or there are none such. */
async function directWork(
  { workload, implementation, prepared, setup }: LayeredRow,
  rows: readonly LayeredRow[],
  { spec }: LayerContext,
): Promise<PreparedWorkload | null> {
  if (prepared.payloadBytesPerOp === null || prepared.beforePass) return null;
  if (rows.some((other) => isDirectCounterpart(named(other.workload), named(workload)))) return null;
  // Direct accesses come in batches.
  const batch = { ...workload, name: workload.name.replace(/call$/, 'batch') };
  const direct = prepareWorkload(batch, spec, implementation, await setup?.());
  return makeDirect(direct) ? direct : null;
}

function named({ name, params }: Workload) {
  return { workload: name, params };
}

function hasUncheckedBuild(implementation: Implementation): boolean {
  if (implementation !== 'native') return implementation === 'wasm';
  // The unchecked build differs from the reference in nothing else; from other builds it differs in more.
  return selectedNative().build === 'O3' && withNativeBuild('unchecked', selectedNative).available;
}

/** Has the devices that `make` makes trust every offset. */
function withoutChecks<T>(make: () => T): T {
  return withCoreBuild('unchecked', () => withNativeBuild('unchecked', make));
}
