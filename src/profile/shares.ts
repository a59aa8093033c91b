/** What the time of a frame counts as. */
export const SHARES = ['boundary', 'decode', 'copy', 'native', 'harness', 'gc', 'other'] as const;
export type Share = (typeof SHARES)[number];

/** What each share is, for readers. */
export const SHARE_NOTES: Readonly<Record<Share, string>> = {
  boundary: 'calls from JavaScript into WebAssembly',
  decode: 'the device: finding what an access means, and doing it',
  copy: 'bytes of regions on their way',
  native: 'C code and the Node-API calls into it, which a JavaScript profiler cannot tell apart',
  harness: 'the timed loop and what is around it',
  gc: 'garbage collection',
  other: 'V8 and Node, and what no sample has seen',
};

interface Rule {
  readonly share: Share;
  /** Below the repository, `src/device/ts/copy.ts`; empty where V8 knows of none. */
  readonly file: RegExp;
  readonly name?: RegExp;
}

/**
 * The first that fits decides; a frame that none fits counts as its caller does: what V8 and Node have built in is there
 * for whoever called it. Files have the same names in AssemblyScript and in TypeScript.
 */
const RULES: readonly Rule[] = [
  { share: 'gc', file: /^$/, name: /^\(garbage collector\)$/ },
  { share: 'other', file: /^$/, name: /^\((root|program|idle|not sampled)\)$/ },
  // V8 puts the wrapper of an export into the function that calls it once that is optimised; before, it is a frame.
  { share: 'boundary', file: /^(wasm:.*)?$/, name: /^(js-to-wasm|wasm-to-js)/ },
  { share: 'boundary', file: /^src\/device\/wasm\// },
  // The methods of `wasmTarget`: nothing but the call of an export.
  {
    share: 'boundary',
    file: /^src\/measure\/timed-loop\.ts$/,
    name: /^(configRead|configWrite|regionRead|regionWrite|runBatch)$/,
  },
  { share: 'native', file: /^$/, name: /^\(native call\)$/ },
  { share: 'native', file: /^src\/device\/native\// },
  // Planning an access is no copy.
  { share: 'decode', file: /\/io\.ts$/, name: /^io/ },
  { share: 'copy', file: /^(assembly|src\/device\/ts)\/(copy|direct-runs|io)\.ts$/ },
  { share: 'decode', file: /^(assembly|src\/device)\// },
  { share: 'harness', file: /^src\// },
];

export interface FramePlace {
  readonly name: string;
  readonly file: string;
}

/** What a frame counts as that `caller` has called. */
export function shareOf({ name, file }: FramePlace, caller: Share): Share {
  const rule = RULES.find((rule) => rule.file.test(file) && (rule.name?.test(name) ?? true));
  return rule?.share ?? caller;
}

/** How long something of one share took. */
interface Spent {
  readonly frame: { readonly share: Share };
  readonly selfUs: number;
}

/** Of all time, by share: all of them, and together 1; 0 each where there is no time. */
export function sharesOf(times: readonly Spent[]): Readonly<Record<Share, number>> {
  const totalUs = times.reduce((sum, { selfUs }) => sum + selfUs, 0);
  const spentUs = (share: Share) =>
    times.reduce((sum, { frame, selfUs }) => (frame.share === share ? sum + selfUs : sum), 0);
  const shares = SHARES.map((share) => [share, totalUs === 0 ? 0 : spentUs(share) / totalUs] as const);
  return Object.fromEntries(shares) as Record<Share, number>;
}
