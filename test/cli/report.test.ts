import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ReportFlags, report } from '../../src/cli/report.ts';
import { BarometerError, UsageError } from '../../src/errors.ts';
import { machineOf } from '../../src/results/calibration.ts';
import { saveSamples } from '../../src/results/store.ts';
import { saveCalibration } from '../../src/run/calibration-file.ts';
import { abDocument, hostileDocument } from '../report/export/results.ts';
import { calibrationDocument } from '../results/calibration-document.ts';
import { samplesDocument } from '../results/document.ts';
import { sizingDocument } from '../results/sizing-document.ts';

let folder: string;
const opened: string[] = [];
const pathOf = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-report-'));
  saveSamples(pathOf('ab.json'), abDocument());
  saveSamples(pathOf('run.json'), samplesDocument());
  saveSamples(pathOf('hostile.json'), hostileDocument());
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function outcome(names: readonly string[], flags: ReportFlags) {
  let stdout = '';
  const exitCode = report(names.map(pathOf), flags, {
    stdout: { write: (text) => (stdout += text) },
    env: { BAROMETER_CACHE: folder },
    warn: () => {},
    open: (page) => opened.push(page),
  });
  return { exitCode, stdout };
}

describe('report', () => {
  test.each([
    ['markdown', /^## barometer: 1 slower, 1 same\n/],
    ['annotations', /^::error title=barometer%3A slower::config-read batch/],
    ['csv', /^machine,device,policy,generation,resmem,workload,/],
    ['junit', /^<\?xml version="1\.0"/],
    ['bmf', /^\{\n {2}"config-read\/batch widthBytes=4/],
    ['benchstat', /^cpu: Example CPU/],
  ] as const)('--%s prints one document', (format, start) => {
    const { exitCode, stdout } = outcome(['ab.json'], { [format]: true });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(start);
    expect(stdout.endsWith('\n')).toBe(true);
  });

  test('--open shows the page once it is written, and wants one', () => {
    const html = pathOf('shown.html');
    expect(outcome(['ab.json'], { html, open: true })).toEqual({ exitCode: 0, stdout: '' });
    expect(opened.splice(0)).toEqual([html]);
    expect(existsSync(html)).toBe(true);
    expect(() => outcome(['ab.json'], { open: true, csv: true })).toThrow(/expected --html FILE beside it/);
    expect(opened).toEqual([]);
  });

  test('folders are made, and hold the files', () => {
    const flags = { githubActionBenchmark: pathOf('gab/deep'), hdr: pathOf('hdr') };
    expect(outcome(['ab.json'], flags)).toEqual({ exitCode: 0, stdout: '' });
    expect(readdirSync(flags.githubActionBenchmark)).toEqual([
      'bigger-is-better.json',
      'smaller-is-better.json',
    ]);
    expect(readdirSync(flags.hdr)).toHaveLength(2);
    expect(
      JSON.parse(readFileSync(join(flags.githubActionBenchmark, 'smaller-is-better.json'), 'utf8')),
    ).toHaveLength(4);
  });

  test('--html writes one page, beside what goes to standard output', () => {
    const html = pathOf('pages/report.html');
    const { exitCode, stdout } = outcome(['ab.json'], { html, csv: true });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^machine,/);
    expect(readFileSync(html, 'utf8')).toMatch(
      /^<!doctype html>\n[\s\S]*<h2>1 slower, 1 same<\/h2>[\s\S]*<\/html>\n$/,
    );
    const before = readFileSync(pathOf('ab.json'));
    expect(() => outcome(['ab.json'], { html: pathOf('ab.json') })).toThrow(
      /that is one of the files to report on/,
    );
    expect(() => outcome(['ab.json'], { html: pathOf('other.json') })).toThrow(
      /that is the name of results; expected that of a page/,
    );
    expect(readFileSync(pathOf('ab.json'))).toEqual(before);
    expect(() => outcome(['ab.json'], { html: '' })).toThrow(/--html "": expected the name of a file/);
    expect(() => outcome(['ab.json'], { html: pathOf('ab.json/page.html') })).toThrow(BarometerError);
  });

  test('--html takes other documents, beside samples and alone', () => {
    const html = pathOf('others.html');
    writeFileSync(pathOf('size.json'), JSON.stringify(sizingDocument()));
    expect(outcome(['size.json'], { html })).toEqual({ exitCode: 0, stdout: '' });
    expect(readFileSync(html, 'utf8')).toMatch(/<h2>BAR sizing: /);
    outcome(['size.json', 'ab.json'], { html });
    expect(readFileSync(html, 'utf8')).toMatch(/<h2>1 slower, 1 same<\/h2>[\s\S]*<h2>BAR sizing: /);
  });

  test.each([
    [{ csv: true }, '--csv'],
    [{ hdr: 'anywhere' }, '--hdr'],
    [{ failOn: 'regression' }, '--fail-on'],
    [{ markdown: true, html: 'anywhere.html' }, '--markdown'],
  ])('%j takes samples alone', (flags, option) => {
    writeFileSync(pathOf('size.json'), JSON.stringify(sizingDocument()));
    const files = ['ab.json', 'size.json'];
    expect(() => outcome(files, flags)).toThrow(UsageError);
    expect(() => outcome(files, flags)).toThrow(
      `size.json: its schema is "barometer/size/1", which only --html takes; expected, for ${option}, barometer/samples/1`,
    );
  });

  test('is a gate where --fail-on asks for one', () => {
    expect(outcome(['ab.json'], { failOn: 'regression' }).exitCode).toBe(3);
    expect(outcome(['ab.json'], { failOn: 'inconclusive', markdown: true }).exitCode).toBe(0);
    expect(() => outcome(['run.json'], { failOn: 'regression' })).toThrow(/nothing was compared/);
  });

  test('is no gate below the noise floor of the machine', () => {
    const { fingerprint, series } = abDocument();
    const machine = machineOf(fingerprint, series[0]!.runtime);
    saveCalibration(calibrationDocument({ machine, fingerprint }), { BAROMETER_CACHE: folder });
    try {
      expect(() => outcome(['ab.json'], { failOn: 'regression' })).toThrow(/below the noise floor/);
      expect(outcome(['ab.json'], { csv: true }).exitCode).toBe(0);
    } finally {
      for (const name of readdirSync(folder)) if (name.startsWith('calibration')) rmSync(pathOf(name));
    }
  });

  test('takes no shard of a file that is none', () => {
    const { settings } = abDocument();
    saveSamples(pathOf('odd.json'), abDocument({ settings: { ...settings, shard: '1/999999999' } }));
    expect(() => outcome(['odd.json'], { failOn: 'regression' })).toThrow(/expected a number and how many/);
  });

  test('is no gate over some shards of a whole', () => {
    for (const [name, shard] of [
      ['one.json', '1/2'],
      ['two.json', '2/2'],
    ] as const) {
      const { settings } = abDocument();
      saveSamples(pathOf(name), abDocument({ settings: { ...settings, shard } }));
    }
    expect(() => outcome(['one.json'], { failOn: 'regression' })).toThrow(
      /shard 2\/2 is missing beside 1\/2/,
    );
    expect(outcome(['one.json', 'two.json'], { failOn: 'regression' }).exitCode).toBe(3);
    expect(outcome(['one.json'], { csv: true }).exitCode).toBe(0);
  });

  test('of several files is that of one, however they are ordered', () => {
    const both = outcome(['ab.json', 'run.json'], { csv: true });
    expect(outcome(['run.json', 'ab.json'], { csv: true })).toEqual(both);
  });

  test('says what is missing or in the way', () => {
    expect(() => outcome(['ab.json'], {})).toThrow(/--github-action-benchmark, --hdr, or --fail-on/);
    expect(() => outcome(['ab.json'], { csv: true, junit: true })).toThrow(
      /--csv and --junit were both given/,
    );
    expect(() => outcome(['ab.json'], { hdr: '' })).toThrow(UsageError);
    expect(() => outcome(['none.json'], { csv: true })).toThrow(/no such file/);
    writeFileSync(pathOf('file'), '');
    expect(() => outcome(['ab.json'], { hdr: pathOf('file') })).toThrow(BarometerError);
    expect(() => outcome(['ab.json'], { hdr: pathOf('file/below') })).toThrow(/Choose another folder/);
  });

  test.each(['markdown', 'annotations', 'csv', 'junit', 'bmf', 'benchstat'] as const)(
    'no terminal obeys names of strangers in --%s',
    (format) => {
      const { stdout } = outcome(['hostile.json'], { [format]: true });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(stdout).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e]/);
    },
  );
});
