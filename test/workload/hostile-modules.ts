/** Workload modules that must not take anything down with them. Written where a test wants them: some are no code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LOOP = 'let sum = 0; for (let i = 0; i < n; i++) sum = (sum * 31 + i) | 0; return sum;';

/** Text of each module by file name. */
export const HOSTILE_MODULES = {
  'syntax.ts': 'export function f(n: number): number {\n  const = 3;\n}\n',
  'syntax.mjs': 'export function f(n) {\n  const = 3;\n}\n',
  'enum.ts': 'export enum Kind { A }\nexport const f = (n: number): number => n;\n',
  'missing-import.mjs': 'import "./nowhere";\nexport const f = (n) => n;\n',
  'throws-on-import.ts':
    'function broken(): never {\n  throw new TypeError("no \\u001b[31mway\\nat all");\n}\nbroken();\nexport {};\n',
  'throws-null.mjs': 'throw null;\n',
  'throws-untextable.mjs':
    'throw { toString() { throw 1; }, get stack() { throw 2; }, get code() { throw 3; } };\n',
  'throws-in-setup.ts': `export function f(n: number): number { ${LOOP} }
export const barometer = {
  f: {
    setup() { throw new Error("no data"); },
  },
};
`,
  'rejects-in-setup.mjs': `export function f(n) { ${LOOP} }
export const barometer = { f: { setup: async () => { throw new Error("no data"); } } };
`,
  'throws-on-third-call.mjs': `let calls = 0;
export function f(n) {
  if (++calls === 3) throw new RangeError("enough");
  ${LOOP}
}
export const barometer = { f: { operations: 1000 } };
`,
  'throws-on-tenth-call.mjs': `let calls = 0;
export function f(n) {
  if (++calls === 10) throw new RangeError("enough");
  ${LOOP}
}
export const barometer = { f: { operations: 1000 } };
`,
  'changes.mjs':
    'let calls = 0;\nexport const f = () => calls++;\nexport const barometer = { f: { operations: 10 } };\n',
  'changes-later.mjs':
    'let calls = 0;\nexport const f = () => (calls++ < 5 ? 1 : 2);\nexport const barometer = { f: { operations: 10 } };\n',
  'undefined.ts': 'export function f(n: number): void {}\n',
  'nan.mjs': 'export const f = (n) => n / undefined;\n',
  'bigint.mjs': 'export const f = (n) => BigInt(n);\n',
  'promise.mjs': 'export const f = (n) => Promise.reject(new Error("late"));\n',
  'async.ts': 'export async function f(n: number): Promise<number> { return n; }\n',
  'generator.mjs': 'export function* f(n) { yield n; }\n',
  'bound.mjs': 'export const f = Math.max.bind(null, 3);\n',
  'proxy.mjs': 'export const f = new Proxy((n) => n, {});\n',
  'at-once.mjs': 'export const f = () => 7;\n',
  'empty.mjs': '',
  'nothing.ts': 'export const answer = 42;\nexport class Bench {}\nexport type Size = number;\n',
  'unknown-option.mjs':
    'export const total = (n) => n;\nexport const barometer = { total: { param: [] } };\n',
  'unknown-function.mjs': 'export const total = (n) => n;\nexport const barometer = { totl: {} };\n',
  'same-params.mjs':
    'export const f = (n) => n;\nexport const barometer = { f: { params: [{ a: 1, b: 2 }, { b: 2, a: 1 }] } };\n',
  'bytes.mjs': `export function f(n) { ${LOOP} }
export const barometer = { f: { operations: 1000, payloadBytesPerOp: () => -1 } };
`,
  'exits.mjs': 'process.exit(3);\n',
  'exits-when-called.mjs': 'export const f = (n) => process.exit(0);\n',
  'waits-forever.mjs': 'await new Promise(() => {});\n',
  /** Says so on standard output before it loops, so that who waits for it need not guess. */
  'endless.mjs': 'import { writeSync } from "node:fs";\nwriteSync(1, "endless\\n");\nfor (;;);\n',
  'endless-when-called.mjs':
    'import { writeSync } from "node:fs";\nexport const f = (n) => {\n  writeSync(1, "endless\\n");\n  for (;;);\n};\n',
  'with bom.ts': `\ufeffexport function f(n: number): number { ${LOOP} }\n`,
  'a \u001b[31mred\u001b[0m ?name#100%.ts': `export function f(n: number): number { ${LOOP} }\n`,
} as const;

export type HostileModule = keyof typeof HOSTILE_MODULES;

/** Writes one of the modules into a folder, which gets to hold ES modules, and returns its path. */
export function writeModule(folder: string, name: HostileModule): string {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  const path = join(folder, name);
  writeFileSync(path, HOSTILE_MODULES[name]);
  return path;
}
