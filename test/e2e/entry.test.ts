/** The entry runs on whatever Node there is, if only to say which one is needed. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseAst } from 'vitest/node';
import { ENTRY } from './barometer.ts';

/** Every node type of ECMAScript 5 that a small script may have (ESTree's es5.md). */
const ES5_TYPES = new Set(
  `Program ExpressionStatement BlockStatement EmptyStatement ReturnStatement IfStatement SwitchStatement SwitchCase
  ThrowStatement TryStatement CatchClause WhileStatement DoWhileStatement ForStatement ForInStatement BreakStatement
  ContinueStatement FunctionDeclaration VariableDeclaration VariableDeclarator ThisExpression ArrayExpression
  ObjectExpression Property FunctionExpression UnaryExpression UpdateExpression BinaryExpression AssignmentExpression
  LogicalExpression MemberExpression ConditionalExpression CallExpression NewExpression SequenceExpression Identifier
  Literal`.split(/\s+/),
);

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function* nodes(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* nodes(child);
  }
}

/** What of `code` is younger than ECMAScript 5. */
function youngSyntax(code: string): string[] {
  const source = code.replace(/^#!.*/, '');
  const all = [...nodes(parseAst(source) as unknown as Node)];
  const young = all.filter(
    (node) =>
      !ES5_TYPES.has(node.type) ||
      (node.type === 'VariableDeclaration' && node.kind !== 'var') ||
      (node.type === 'Property' && (node.shorthand || node.computed || node.method)) ||
      (node.type === 'FunctionExpression' && (node.async || node.generator)) ||
      (/^(Binary|Assignment|Logical)Expression$/.test(node.type) &&
        /\*\*|\?\?|(&&|\|\|)=/.test(`${node.operator}`)) ||
      (node.type === 'CatchClause' && node.param === null) ||
      ('optional' in node && node.optional === true) ||
      (node.type === 'Literal' &&
        /^0[bo]|n$|_|^\/.*\/[dsuvy]/i.test(`${node.raw}`) &&
        typeof node.value !== 'string'),
  );
  const calls = all.filter(({ type }) => type === 'CallExpression' || type === 'NewExpression');
  const trailing = calls.filter((call) => {
    const last = (call.arguments as Node[]).at(-1);
    return (
      last &&
      source
        .slice(last.end, call.end)
        .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
        .includes(',')
    );
  });
  return [...young, ...trailing].map(({ type, start, end }) => `${type}: ${source.slice(start, end)}`);
}

const SOURCE = fileURLToPath(new URL('../../src/cli/barometer.cjs', import.meta.url));

describe('the entry', () => {
  test.each([SOURCE, ENTRY])('%s is ECMAScript 5', (path) => {
    expect(youngSyntax(readFileSync(path, 'utf8'))).toEqual([]);
  });

  test.each([
    'const a = 1;',
    'var f = () => 1;',
    'var s = `text`;',
    'f(1, 2,\n);',
    'new F(1 /* , */, );',
    'var o = { a };',
    'a?.b;',
    'var b = a ?? 1;',
    'var n = 10n;',
    'import("./main.js");',
    'f(...a);',
    'try { f(); } catch { g(); }',
  ])('the check finds %j', (code) => {
    expect(youngSyntax(code)).not.toEqual([]);
  });
});

/** A Node below the one that is needed, among those on the PATH that no package brought. */
function oldNode(): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder.includes('node_modules')) continue;
    const path = join(folder, 'node');
    const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
    const [major = 99, minor = 0] = status === 0 ? stdout.slice(1).split('.').map(Number) : [];
    if (major < 22 || (major === 22 && minor < 15)) return path;
  }
  return null;
}

const old = oldNode();
test.skipIf(old === null)(
  'an old Node (skipped where the PATH has none below 22.15) is told which one is needed',
  () => {
    const { status, stdout, stderr } = spawnSync(old!, [ENTRY, 'run'], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^barometer: this is Node \d+\.\d+\.\d+, but barometer needs Node 22\.15 or newer \(of Node 23: 23\.5\)\.\n/,
    );
    expect(stderr).toContain('npm ci');
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  },
);
