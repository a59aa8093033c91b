import { bad, type Finding, ok, unknown, warn } from './finding.ts';
import type { Machine } from './machine.ts';

/** The Node that measures, against the one that published figures come from. */
export function nodeVersion({ nodeVersion: version, pinnedNodeVersion: pinned, execPath }: Machine): Finding {
  if (pinned === null) return unknown(`${version}; the package does not say which one is pinned`);
  if (version === pinned) return ok(`${version}, as pinned`);
  return warn(`${version}, not ${pinned} (${execPath})`, {
    effect: 'figures of another V8 do not compare with those of the pinned one',
    fix: `npm ci in a checkout, npm install --save-dev node@${pinned} elsewhere; then start it with npx barometer`,
  });
}

interface FlagGroup {
  readonly pattern: RegExp;
  readonly judge: typeof warn;
  readonly effect: string;
}

/** Flags of V8 and Node that matter, in the spelling of `normalised`, the worst first. */
const FLAG_GROUPS: readonly FlagGroup[] = [
  {
    pattern: /^jitless$/,
    judge: bad,
    effect: 'there is no WebAssembly, and JavaScript is interpreted',
  },
  {
    pattern: /^(no-?opt|no-?turbofan|lite-mode|liftoff-only|no-?wasm-tier-up|no-?wasm-dynamic-tiering)$/,
    judge: bad,
    effect: 'code does not reach the optimising tier, or not the one that is measured elsewhere',
  },
  {
    pattern:
      /^(max-lazy|no-?lazy|no-?maglev|no-?sparkplug|always-sparkplug|always-turbofan|no-?use-osr|no-?use-ic|no-?inlining|stress-.*|single-threaded|predictable|optimize-for-size|no-?concurrent-recompilation)$/,
    judge: warn,
    effect: 'V8 compiles other code, or at other moments, than it does without the flag',
  },
  {
    pattern: /^(prof|cpu-prof|heap-prof|perf-.*|trace-(opt|deopt|osr|gc|ic|turbo|maglev|wasm|event).*)$/,
    judge: warn,
    effect: 'what the flag records is written while the clock runs',
  },
];

/** Flags that change how V8 compiles, or that make it write while the clock runs. */
export function nodeFlags({ execArgv, env }: Machine): Finding {
  const fromEnvironment = (env.NODE_OPTIONS ?? '').split(/\s+/).filter((flag) => flag !== '');
  const flags = [...execArgv, ...fromEnvironment];
  const value = flags.length === 0 ? 'none' : flags.join(' ');
  for (const { pattern, judge, effect } of FLAG_GROUPS) {
    const found = flags.find((flag) => pattern.test(normalised(flag)));
    if (found === undefined) continue;
    const fix = execArgv.includes(found) ? `start Node without ${found}` : 'unset NODE_OPTIONS';
    return judge(value, { effect, fix });
  }
  if (env.NODE_V8_COVERAGE) {
    return warn(`NODE_V8_COVERAGE=${env.NODE_V8_COVERAGE}`, {
      effect: 'V8 counts every block that runs, inside timed loops too',
      fix: 'unset NODE_V8_COVERAGE',
    });
  }
  return ok(value);
}

/** V8 takes `--no_opt`, `--no-opt` and `--noopt` for the same. */
function normalised(flag: string): string {
  return flag
    .replace(/^["']?--/, '')
    .replace(/[="'].*$/s, '')
    .replaceAll('_', '-');
}

export function inspector({ inspectorUrl }: Machine): Finding {
  if (inspectorUrl === null) return ok('none listens');
  return warn(`listens at ${inspectorUrl}`, {
    effect: 'a debugger that attaches takes optimised code back and stops the clock in the middle of samples',
    fix: 'start without --inspect, and without the terminal of an editor that attaches by itself',
  });
}
