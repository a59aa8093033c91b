/** Types for people who write workload modules: files whose exported functions are measured. Nothing here runs. */

/** Parameters of a workload, as rows and tables show them: sizes and offsets in bytes, as `sizeBytes`. */
export type ModuleParams = Readonly<Record<string, number | string>>;

/**
 * An exported function of a workload module.
 * @param n how many operations to do
 * @param state what the set-up returned; the parameters where there is no set-up
 * @returns a number that depends on all of the work, the same in every call with the same arguments
 */
export type WorkloadFunction<State = ModuleParams> = (n: number, state: State) => number;

/** What a module says of one of its functions. Everything may be left out. */
export interface WorkloadOptions<Params extends ModuleParams = ModuleParams> {
  /** The function is measured once for each of these. */
  readonly params?: readonly Params[];
  /** Operations of one call; otherwise as many as make a call worth timing. */
  readonly operations?: number;
  /** Makes what the function works on, once in each process and outside every timed window. May be async. */
  setup?(params: Params): unknown;
  /** Bytes that one operation delivers. */
  payloadBytesPerOp?(params: Params): number;
  /** Bytes that one operation reads plus those that it writes. */
  trafficBytesPerOp?(params: Params): number;
}

/** The export `barometer` of a workload module: options by the names of the functions. */
export type WorkloadModule = Readonly<Record<string, WorkloadOptions>>;
