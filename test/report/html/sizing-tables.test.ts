import { describe, expect, test } from 'vitest';
import { sizeJson, sizeReport } from '../../../src/cli/size.ts';
import { toHtml } from '../../../src/report/html/page.ts';
import { conclusion, sizingDocument } from '../../results/sizing-document.ts';
import { elements, numbersIn, readPage, tableRows, textOf } from './read-page.ts';

const pageOf = (...documents: Parameters<typeof sizingDocument>) =>
  readPage(toHtml([], [sizingDocument(...documents)]));

describe('a device that was sized', () => {
  const page = pageOf();

  test('is a page of its own, headed by how many conclusions are wrong', () => {
    expect(elements(page, 'h2').map(textOf)).toEqual(['BAR sizing: 1 of 4 conclusions wrong']);
    expect(elements(page, 'title').map(textOf)).toEqual(['barometer: BAR sizing: 1 of 4 conclusions wrong']);
    expect(elements(page, 'h3').map(textOf)).toEqual(['gh200']);
  });

  test('has a cell for each policy and sizer, told by sign and word', () => {
    const rows = tableRows(page, 'gh200: what each sizer gets wrong');
    expect(rows.map(({ name, cells }) => [name, ...[...cells.values()].map(textOf)])).toEqual([
      ['passthrough', '✓ ok', '✗ 2 gone'],
      ['nvgrace', '✓ ok', '✓ ok'],
    ]);
  });

  test('says what follows, and who concludes it', () => {
    const [row, ...others] = tableRows(page, 'gh200: what follows');
    expect([row!.name, ...[...row!.cells.values()].map(textOf)]).toEqual([
      '2 gone',
      'the guest never maps it',
      'qemu under passthrough',
    ]);
    expect(others).toEqual([]);
  });

  test('has what it presents, and every conclusion with its accesses', () => {
    const [presents] = tableRows(page, 'gh200: what it presents');
    expect(textOf(presents!.cells.get('the device presents')!)).toBe(
      '0 mem64p 16 MiB, 2 mem64p 128 GiB (GPU memory)',
    );
    const concluded = tableRows(page, 'gh200: what each sizer concludes');
    expect(concluded.flatMap(({ cells }) => numbersIn(cells.get('accesses')!))).toEqual([28, 23, 28, 28]);
    expect(textOf(concluded[1]!.cells.get('BARs')!)).toBe('0 mem64p 16 MiB');
  });
});

test('what was not run, does not apply, exits or is missing is told apart', () => {
  const sizers = [
    conclusion({ sizer: 'a', bars: [], notRun: 'it writes' }),
    conclusion({ sizer: 'b', bars: [], applies: false }),
    conclusion({ sizer: 'c', bars: [], failure: 'region 4 is odd' }),
  ];
  const [policy] = sizingDocument().policies;
  const page = pageOf({
    policies: [
      { ...policy!, sizers },
      { ...policy!, policy: 'other', sizers: [conclusion({ sizer: 'd' })] },
    ],
  });
  const rows = tableRows(page, 'gh200: what each sizer gets wrong');
  expect(rows.map(({ cells }) => [...cells.values()].map(textOf))).toEqual([
    ['not run', '–', '✗ exits', ''],
    ['', '', '', '✓ ok'],
  ]);
  expect(textOf(page)).toContain('not run: it writes.');
  expect(tableRows(page, 'gh200: what follows').map(({ name }) => name)).toEqual(['exits']);
});

test('every cell of a profile says what the terminal does', () => {
  const document = sizeJson(sizeReport('virtio-net-vf', {}));
  const rows = tableRows(readPage(toHtml([], [document])), 'virtio-net-vf: what each sizer gets wrong');
  const shown = rows.map(({ cells }) =>
    [...cells.values()].map((cell) => textOf(cell).replace(/^[✓✗] /, '')),
  );
  expect(shown).toEqual(
    document.policies.map(({ sizers }) =>
      sizers.map(({ wrong }) => wrong.map(({ barIdx, what }) => `${barIdx} ${what}`).join(', ') || 'ok'),
    ),
  );
});
