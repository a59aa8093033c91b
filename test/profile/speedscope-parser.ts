/**
 * speedscope's own parser, out of the application that its package holds: a browser's, in one file, from which nothing can
 * be imported. All of it but the last statement, which draws the page, runs here in a context of its own, with a window
 * that answers everything; what is called at the end is the function that the application gives its own files to.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import vm from 'node:vm';

interface ParsedFrame {
  readonly name: string;
  readonly file?: string;
  getSelfWeight(): number;
  getTotalWeight(): number;
}

interface ParsedProfile {
  getName(): string;
  getTotalWeight(): number;
  getWeightUnit(): string;
  forEachFrame(visit: (frame: ParsedFrame) => void): void;
  forEachCall(
    open: (node: { readonly frame: ParsedFrame }, at: number) => void,
    close: (node: { readonly frame: ParsedFrame }, at: number) => void,
  ): void;
}

export interface ParsedGroup {
  readonly name: string;
  readonly indexToView: number;
  readonly profiles: readonly ParsedProfile[];
}

const IMPORT =
  /if\(\w+\.\$schema==="([^"]+)"\)return console\.log\("Importing as speedscope json file"\),(\w+)\(/;
const PAGE = 'console.log(`speedscope v';

const folder = join(
  dirname(createRequire(import.meta.url).resolve('speedscope/package.json')),
  'dist/release',
);
const [file] = readdirSync(folder).filter((name) => /^speedscope-\w+\.js$/.test(name));
const application = readFileSync(join(folder, file!), 'utf8');
const [, schema, importer] = IMPORT.exec(application)!;

/** Files that begin with another `$schema` the application takes for those of other programs. */
export const SPEEDSCOPE_SCHEMA = schema!;

/** @throws Error where speedscope cannot show the file */
export function parseWithSpeedscope(value: unknown): ParsedGroup {
  return parser()(value);
}

let parse: ((value: unknown) => ParsedGroup) | undefined;

function parser(): (value: unknown) => ParsedGroup {
  parse ??= vm.runInContext(
    `${application.slice(0, application.lastIndexOf(PAGE))}globalThis.parse=${importer};})();parse`,
    vm.createContext(browser()),
  ) as (value: unknown) => ParsedGroup;
  return parse;
}

function browser(): object {
  const anything: unknown = new Proxy(class {}, {
    get: (_, key) => (key === Symbol.toPrimitive ? () => '' : anything),
    set: () => true,
    apply: () => anything,
    construct: () => anything as object,
  });
  const names = ['document', 'window', 'self', 'navigator', 'location', 'localStorage', 'matchMedia'];
  const page = Object.fromEntries(names.map((name) => [name, anything]));
  return { ...page, console, performance, setTimeout, clearTimeout, TextDecoder, TextEncoder, URL, atob };
}
