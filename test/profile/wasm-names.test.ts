import { expect, test } from 'vitest';
import { coreModule } from '../../src/device/wasm/module.ts';
import { parseNames, wasmNames } from '../../src/profile/wasm-names.ts';

test('each export of the core has the number that its name has', () => {
  const names = wasmNames();
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  const { exports } = new WebAssembly.Instance(coreModule(), { env: { memory } });
  const exported = Object.entries(exports);
  expect(exported.length).toBeGreaterThan(20);
  // V8 names an exported function by its number.
  for (const [name, value] of exported)
    expect(names[Number((value as { name: string }).name)]!.name).toBe(name);
});

test('a name is a function and its file', () => {
  const text =
    '(module\n (func $assembly/policy/core/foldCore (param $0 i32)\n (func $assembly/a/reads<u64>\n';
  expect(parseNames(text)).toEqual([
    { name: 'foldCore', file: 'assembly/policy/core.ts' },
    { name: 'reads<u64>', file: 'assembly/a.ts' },
  ]);
});
