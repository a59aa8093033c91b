import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { size, sizeJson, sizeReport } from '../../src/cli/size.ts';
import { sizeText } from '../../src/cli/size-text.ts';
import { PROFILE_NAMES } from '../../src/device/profiles.ts';
import { UsageError } from '../../src/errors.ts';
import { parseSizing } from '../../src/results/sizing.ts';
import { SIZER_NAMES } from '../../src/workload/sizer/sizers.ts';

const policiesOf = (device: string, flags = {}) =>
  sizeReport(device, flags).policies.map(({ policy }) => policy);

describe('the text of size (accept changes with: npx vitest run -u)', () => {
  test.each(['gh200-no-bar2', 'gb200', 'virtio-net-vf', 'generic-type0'])('%s', async (device) => {
    await expect(size(device, {})).toMatchFileSnapshot(`../golden/size-${device}.txt`);
  });

  test('of gh200-no-bar2 is what the README shows', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(`$ npx barometer size gh200-no-bar2\n${size('gh200-no-bar2', {})}\`\`\`\n`);
  });

  test('other physical BARs', async () => {
    const physicalBars = '0:mem32:16MiB,1:mem64p:128GiB,3:mem64p:32MiB';
    await expect(size('gh200-120gb', { physicalBars })).toMatchFileSnapshot('../golden/size-shifted.txt');
  });

  test.each(PROFILE_NAMES)('%s: plain characters, no blank at the end of a line', (device) => {
    expect(size(device, {})).toMatch(/^([\x20-\x7e–]*[\x21-\x7e–]\n|\n)+$/);
  });

  test('names a device file without what a terminal or a CI job would obey', () => {
    const { policies } = sizeReport('gh200-120gb', { policy: 'nvgrace', sizer: 'qemu' });
    const text = sizeText(sizeJson({ device: '::error::\u001b[31mgpu##[group].txt', policies }));
    expect(text.split('\n', 1)).toEqual([
      ': :error::gpu# #[group].txt: what each consumer gets wrong, by policy',
    ]);
  });

  test('a consumer that exits is told as such', () => {
    const [policy] = sizeReport('gh200-120gb', { policy: 'nvgrace', sizer: 'qemu' }).policies;
    const failure = 'region 4 has 102005473280 bytes, no power of two';
    const sizing = { bars: [], unsized: [], failure };
    const sizers = [{ sizer: 'qemu', sizing, notRun: null, accesses: 0, wrong: [] }];
    const text = sizeText(sizeJson({ device: 'gpu', policies: [{ ...policy!, sizers }] }));
    expect(text).toContain('nvgrace  exits\n');
    expect(text).toContain(`exits  ${failure}\n`);
  });
});

describe('policies', () => {
  test('are those under which the device exists, the loosest first', () => {
    expect(policiesOf('gh200-120gb')).toEqual(['passthrough', 'v13', 'nvgrace', 'core', 'strict']);
    expect(policiesOf('virtio-net-vf')).toEqual([
      'virtio-flags',
      'virtio-flags2',
      'virtio',
      'core',
      'strict',
    ]);
    expect(policiesOf('virtio-net-vf', { physicalBars: '0:io:32' })).toEqual(['core', 'strict']);
    expect(policiesOf('generic-type0')).toEqual(['core', 'strict']);
    expect(policiesOf('generic-type0', { gpuMemory: '2GiB' })).toContain('nvgrace');
  });

  test('and sizers can be chosen, each once, in the order given', () => {
    const [core, nvgrace] = sizeReport('gh200-120gb', {
      policy: 'core, nvgrace,core',
      sizer: 'qemu,linux',
    }).policies;
    expect([core!.policy, nvgrace!.policy]).toEqual(['core', 'nvgrace']);
    expect(core!.sizers.map(({ sizer }) => sizer)).toEqual(['qemu', 'linux']);
    expect(sizeReport('gh200-120gb', {}).policies[0]!.sizers.map(({ sizer }) => sizer)).toEqual(SIZER_NAMES);
  });
});

test.each(PROFILE_NAMES)('what --json prints of %s is what report takes', (device) => {
  const document = JSON.parse(size(device, { json: true }));
  expect(parseSizing(document, device)).toEqual(document);
});

test('--json: sizes as decimal strings, what is right beside what was concluded', () => {
  const document = JSON.parse(
    size('gh200-no-bar2', { policy: 'passthrough,nvgrace', sizer: 'qemu', json: true }),
  );
  const bar = (barIdx: number, sizeBytes: string) => ({
    barIdx,
    kind: 'mem64',
    prefetchable: true,
    sizeBytes,
  });
  expect(document).toEqual({
    schema: 'barometer/size/1',
    device: 'gh200-no-bar2',
    policies: [
      {
        policy: 'passthrough',
        expected: [
          { ...bar(0, '16777216'), behind: 'physical' },
          { ...bar(2, '137438953472'), behind: 'gpu-memory' },
        ],
        sizers: [
          {
            sizer: 'qemu',
            applies: true,
            bars: [bar(0, '16777216')],
            unsized: [],
            failure: null,
            accesses: 4 + 2 + 3 + 2 * 7,
            wrong: [
              {
                barIdx: 2,
                what: 'gone',
                consequence: 'the guest never maps the GPU memory behind it, a BAR of 128 GiB',
              },
            ],
          },
        ],
      },
      {
        policy: 'nvgrace',
        expected: [
          { ...bar(0, '16777216'), behind: 'physical' },
          { ...bar(2, '1073741824'), behind: 'gpu-memory' },
          { ...bar(4, '137438953472'), behind: 'gpu-memory' },
        ],
        sizers: [
          {
            sizer: 'qemu',
            applies: true,
            bars: [bar(0, '16777216'), bar(2, '1073741824'), bar(4, '137438953472')],
            unsized: [],
            failure: null,
            accesses: 4 + 3 + 3 + 2 * 7,
            wrong: [],
          },
        ],
      },
    ],
  });
});

test.each([
  ['gh200-120gb', { policy: 'lax' }, '--policy "lax": expected strict, nvgrace, core'],
  ['gh200-120gb', { policy: '' }, '--policy "": expected'],
  ['gh200-120gb', { sizer: 'linux,bios' }, '--sizer "bios": expected linux, linux-older, freebsd'],
  ['gh200-120gb', { generation: '7' }, '--generation "7": expected 6.9, 6.14'],
  ['gh200-120gb', { gpuMemory: '1GiB' }, 'nvgrace-gpu refuses 1073741824 bytes'],
  [
    'gh200-120gb',
    { physicalBars: '5:mem64:16MiB' },
    '--physical-bars "5:mem64:16MiB": index 5; expected 0 to 4',
  ],
  ['generic-type0', { policy: 'v13' }, 'has no GPU memory; give its size with --gpu-memory'],
  ['virtio-net-vf', { policy: 'virtio', physicalBars: '0:io:32' }, 'has a physical BAR 0'],
  ['gh200', {}, '"gh200" is neither a file nor a profile'],
])('%s %j is refused', (device, flags, message) => {
  expect(() => size(device, flags)).toThrow(UsageError);
  expect(() => size(device, flags)).toThrow(message);
});
