/** The public library surface. */
export type { ResetKind } from './device/device-model.ts';
export type { DeviceOptions, DeviceSpec, GpuMemory, Readiness } from './device/device-spec.ts';
export { PROFILE_NAMES } from './device/profiles.ts';
export type { ExclusionWindow, RegionRules, RegionSpec } from './device/region-spec.ts';
export { BarometerError, UnavailableImplementation, UsageError, WrongAnswerError } from './errors.ts';
export type { BatchAccess } from './library/batch-access.ts';
export { compareSamples } from './library/compare-samples.ts';
export { type MeasureOptions, measure } from './library/measure.ts';
export {
  type Batch,
  type EmulatedDevice,
  type OpenOptions,
  openDevice,
} from './library/open-device.ts';
export type { Bar, BarKind, PciFunction, Rom, SizeSource } from './pci/function.ts';
export type { ComparedRow, CompareSummary, LoneArm, SavedComparison } from './report/compare.ts';
export type { SummaryOptions } from './report/comparisons.ts';
export type { Axis, Curve, CurvePoint } from './report/growth.ts';
export type { LatencyNs } from './report/latency.ts';
export type { ComparisonKind } from './report/pairs.ts';
export type { PhaseSummary } from './report/phases.ts';
export type { Load, Sharing } from './report/sharing.ts';
export type { StackRow } from './report/stack.ts';
export { type Comparison, type Summary, type SummaryRow, summarize } from './report/summary.ts';
export type { WorkComparison } from './report/work.ts';
export type { Conditions } from './results/conditions.ts';
export { type MergeInput, mergeSamples } from './results/merge.ts';
export type {
  Arm,
  Exclusion,
  Fingerprint,
  LatencyRecord,
  Params,
  Run,
  SampleSeries,
  SamplesDocument,
  Settings,
  Tier,
  UnavailableArm,
  WorkCount,
} from './results/samples.ts';
export { loadSamples, SaveError, saveSamples } from './results/store.ts';
export type { Estimate } from './stats/bootstrap.ts';
export type { Verdict } from './stats/verdict.ts';
export {
  type DriverGeneration,
  type Evidence,
  type Implementation,
  POLICIES,
  type Policy,
  type ResmemMode,
  type WidthBytes,
} from './types.ts';
export type {
  ModuleParams,
  WorkloadFunction,
  WorkloadModule,
  WorkloadOptions,
} from './workload/module-types.ts';
export { SIZER_NAMES } from './workload/sizer/sizers.ts';
export type { SizedBar, Sizing, UnsizedBar } from './workload/sizer/sizing.ts';
