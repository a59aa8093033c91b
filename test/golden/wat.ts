/** Reads the text form of a module as binaryen writes it: one instruction a line, blocks closed by `end`. */

/** One loop of a function, without what its inner loops do. */
export interface Loop {
  readonly innermost: boolean;
  readonly calls: readonly string[];
  readonly loads: number;
  readonly stores: number;
}

export interface WatFunction {
  readonly name: string;
  /** Names of the functions that it calls, each once. */
  readonly calls: readonly string[];
  readonly instructions: ReadonlySet<string>;
  readonly loops: readonly Loop[];
}

export interface WatModule {
  /** Fields other than functions, such as `(import "env" "memory" …)`. */
  readonly fields: readonly string[];
  readonly functions: ReadonlyMap<string, WatFunction>;
}

interface OpenBlock {
  readonly loop: { innermost: boolean; calls: string[]; loads: number; stores: number } | null;
}

export function parseWat(text: string): WatModule {
  const functions = new Map<string, WatFunction>();
  const fields: string[] = [];
  let lines: string[] = [];
  let name = '';
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    const header = /^\(func \$(\S+)/.exec(line);
    if (header) name = header[1]!;
    else if (name !== '' && line === ')') {
      functions.set(name, parseFunction(name, lines));
      name = '';
      lines = [];
    } else if (name !== '') lines.push(line);
    else if (line.startsWith('(')) fields.push(line);
  }
  return { fields, functions };
}

function parseFunction(name: string, lines: readonly string[]): WatFunction {
  const open: OpenBlock[] = [];
  const loops: NonNullable<OpenBlock['loop']>[] = [];
  const calls = new Set<string>();
  const instructions = new Set<string>();
  for (const line of lines) {
    const [instruction = '', operand = ''] = line.split(/\s+/);
    instructions.add(instruction);
    if (instruction === 'loop' || instruction === 'block' || instruction === 'if') {
      const loop = instruction === 'loop' ? { innermost: true, calls: [], loads: 0, stores: 0 } : null;
      if (loop) {
        for (const outer of open) if (outer.loop) outer.loop.innermost = false;
        loops.push(loop);
      }
      open.push({ loop });
    } else if (instruction === 'end') open.pop();
    const loop = open.findLast((block) => block.loop)?.loop;
    if (instruction.startsWith('call')) {
      calls.add(operand.slice(1));
      loop?.calls.push(operand.slice(1));
    }
    if (loop && /\.load/.test(instruction)) loop.loads++;
    if (loop && /\.store/.test(instruction)) loop.stores++;
  }
  return { name, calls: [...calls], instructions, loops };
}
