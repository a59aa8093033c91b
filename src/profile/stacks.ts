/** V8's profile in our own words: stacks of frames with names and shares, and how long each lasted. */
import type { Profiler } from 'node:inspector';
import { LOOP } from './passes.ts';
import { SAMPLING_INTERVAL_US } from './protocol.ts';
import { openTo, type Part, type Share, shareOf } from './shares.ts';
import type { WasmName } from './wasm-names.ts';

export interface Frame {
  readonly name: string;
  /** Below the repository, `assembly/access-batch.ts`; a module of Node's; empty where V8 knows of none. */
  readonly file: string;
  readonly share: Share;
  /** What else a cost stack may count it as. */
  readonly openTo: readonly Part[];
  /** By which V8's log of compiled code knows the function; empty where it is none of ours. */
  readonly place: string;
}

export interface Stacks {
  readonly frames: readonly Frame[];
  /** Indexes of frames, the outermost first. */
  readonly samples: readonly (readonly number[])[];
  /** Of them, those that V8 took: time that nobody has seen stands between. */
  readonly takenCount: number;
  /**
   * How long each sample stands for. All that V8 took for the same: when its thread came late has nothing to do with the
   * function that it then saw.
   */
  readonly weightsUs: readonly number[];
  /** Time of the profile before the first and after the last pass: the profiler itself, and nothing of the arm. */
  readonly outsideUs: number;
}

type ProfileNode = Profiler.ProfileNode;
type Named = Pick<Frame, 'name' | 'file' | 'place'>;

/** The node of each stack's last frame, as V8 took them. */
interface Taken {
  readonly id: number;
  readonly atUs: number;
}

/** Name that frames of C code get: V8 calls all functions of an addon by the name of the last that it heard of. */
const NATIVE_CALL = '(native call)';
const LOOP_FILE = 'src/profile/passes.ts';
/** What calls functions of an addon. */
const NATIVE_CALLERS = /^src\/(measure\/timed-loop\.ts$|device\/native\/)/;
/** What went on in longer gaps, where the sampling thread had no processor, nobody has seen. */
const MAX_SAMPLE_US = 2 * SAMPLING_INTERVAL_US;
const NOT_SAMPLED = '(not sampled)';
const OWN_ROOT = new URL('../../', import.meta.url).href;

/** What of the profile lies between the first and the last pass. @param names functions of the core by number */
export function stacksOf(profile: Profiler.Profile, names: readonly WasmName[]): Stacks {
  const tree = new FrameTree(profile.nodes, names);
  const taken = inOrder(profile);
  const first = taken.findIndex(({ id }) => tree.isOfLoop(id));
  const last = taken.findLastIndex(({ id }) => tree.isOfLoop(id));
  const takenCount = first < 0 ? 0 : last - first + 1;
  const inside = first < 0 ? [] : taken.slice(first, last + 1);
  const lastedUs = inside.map(({ atUs }, i) => (taken[first + i + 1]?.atUs ?? profile.endTime) - atUs);
  const eachUs = sum(lastedUs.map((us) => Math.min(us, MAX_SAMPLE_US))) / takenCount;
  const samples: (readonly number[])[] = [];
  const weightsUs: number[] = [];
  const add = (stack: readonly number[], us: number) => {
    samples.push(stack);
    weightsUs.push(us);
  };
  for (const [i, { id }] of inside.entries()) {
    add(tree.stack(id), eachUs);
    if (lastedUs[i]! > MAX_SAMPLE_US) add([tree.notSampled()], lastedUs[i]! - MAX_SAMPLE_US);
  }
  const outsideUs = profile.endTime - profile.startTime - sum(weightsUs);
  return { frames: tree.frames, samples, takenCount, weightsUs, outsideUs };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Times are kept as differences, of which V8 has negative ones where its thread was late. */
function inOrder({ samples = [], timeDeltas = [], startTime }: Profiler.Profile): readonly Taken[] {
  let atUs = startTime;
  const taken = samples.map((id, i) => {
    atUs += timeDeltas[i]!;
    return { id, atUs };
  });
  return taken.sort((a, b) => a.atUs - b.atUs);
}

/** Frames of V8's call tree. One function is one frame for each share that it has, and for what else it may count as. */
class FrameTree {
  readonly frames: Frame[] = [];
  private readonly names: readonly WasmName[];
  private readonly idxByKey = new Map<string, number>();
  private readonly stacks = new Map<number, readonly number[]>();

  constructor(nodes: readonly ProfileNode[], names: readonly WasmName[]) {
    this.names = names;
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const add = (node: ProfileNode, above: readonly number[]) => {
      const stack = [...above, this.idxOf(node, this.frames[above.at(-1)!])];
      this.stacks.set(node.id, stack);
      for (const child of node.children ?? []) add(byId.get(child)!, stack);
    };
    add(nodes[0]!, []);
  }

  /** From the loop of passes on; without V8's root where it is none of the loop's. */
  stack(id: number): readonly number[] {
    const stack = this.stacks.get(id)!;
    return stack.slice(Math.max(this.loopDepth(stack), 1));
  }

  isOfLoop(id: number): boolean {
    return this.loopDepth(this.stacks.get(id)!) >= 0;
  }

  /** The frame of time that nobody has seen. */
  notSampled(): number {
    return this.add({ name: NOT_SAMPLED, file: '', place: '' }, 'other');
  }

  private loopDepth(stack: readonly number[]): number {
    return stack.findIndex((idx) => {
      const { name, file } = this.frames[idx]!;
      return name === LOOP && file === LOOP_FILE;
    });
  }

  private idxOf({ callFrame }: ProfileNode, caller: Frame | undefined): number {
    return this.add(this.namesOf(callFrame, caller), caller?.share ?? 'other');
  }

  private add(found: Named, caller: Share): number {
    const share = shareOf(found, caller);
    const open = openTo({ ...found, share, caller });
    const key = [share, open, found.place, found.file, found.name].join(' ');
    const known = this.idxByKey.get(key);
    if (known !== undefined) return known;
    this.idxByKey.set(key, this.frames.length);
    return this.frames.push({ ...found, share, openTo: open }) - 1;
  }

  private namesOf(call: ProfileNode['callFrame'], caller: Frame | undefined): Named {
    const { functionName, url, lineNumber, columnNumber } = call;
    const number = /^wasm-function\[(\d+)\]$/.exec(functionName);
    if (number) {
      const { name, file } = this.names[Number(number[1])] ?? { name: functionName, file: 'assembly/' };
      return { name, file, place: functionName };
    }
    if (url !== '') {
      const place = `${url}:${lineNumber + 1}:${columnNumber + 1}`;
      return { name: functionName || '(anonymous)', file: sourceOf(url), place };
    }
    const isNative = NATIVE_CALLERS.test(caller?.file ?? '') && !/^(\(|js-to-wasm)/.test(functionName);
    return { name: isNative ? NATIVE_CALL : functionName || '(anonymous)', file: '', place: '' };
  }
}

/** The source that a module was made from: built ones lie below dist/, and arms have marks on theirs. */
function sourceOf(url: string): string {
  if (!url.startsWith(OWN_ROOT)) return url;
  const path = url.slice(OWN_ROOT.length).replace(/\?.*$/, '');
  return path.replace(/\.js$/, '.ts');
}

/** Frames that V8 saw at work, one for each sample that it took. */
export function seenFrames(stacks: Stacks): readonly Frame[] {
  return seenStacks(stacks).map((stack) => stacks.frames[stack.at(-1)!]!);
}

/** Stacks of the samples that V8 took. */
export function seenStacks({ frames, samples }: Stacks): readonly (readonly number[])[] {
  return samples.filter((stack) => isSeen(frames[stack.at(-1)!]!));
}

export function isSeen({ name, file }: Pick<Frame, 'name' | 'file'>): boolean {
  return file !== '' || name !== NOT_SAMPLED;
}

/** A frame with the time that was spent in itself, in the order of that time. */
export interface SelfTime {
  readonly frame: Frame;
  readonly selfUs: number;
}

/** Functions by the time spent in themselves; a function with several shares is several of them. */
export function selfTimes({ frames, samples, weightsUs }: Stacks): readonly SelfTime[] {
  const times = new Map<string, { frame: Frame; selfUs: number }>();
  for (const [i, stack] of samples.entries()) {
    const frame = frames[stack.at(-1)!]!;
    const key = [frame.share, frame.place, frame.file, frame.name].join(' ');
    const time = times.get(key) ?? { frame, selfUs: 0 };
    times.set(key, time);
    time.selfUs += weightsUs[i]!;
  }
  return [...times.values()].sort((a, b) => b.selfUs - a.selfUs);
}
