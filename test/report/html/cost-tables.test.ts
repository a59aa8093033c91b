import { expect, test } from 'vitest';
import { stackSection } from '../../../src/report/html/cost-stacks.ts';
import { distributionSection } from '../../../src/report/html/distribution-charts.ts';
import { latencySection } from '../../../src/report/html/latency-table.ts';
import { matrixSection } from '../../../src/report/html/matrix-map.ts';
import { rowDetails } from '../../../src/report/html/row-details.ts';
import { startSection } from '../../../src/report/html/start-table.ts';
import { workSection } from '../../../src/report/html/work-list.ts';
import { fullLabel } from '../../../src/report/labels.ts';
import { latencyHistograms } from '../../../src/report/latency.ts';
import { STACK_PARTS, type StackRow } from '../../../src/report/stack.ts';
import { type Summary, summarize } from '../../../src/report/summary.ts';
import { workLines } from '../../../src/report/work.ts';
import { arm, samplesDocument } from '../../results/document.ts';
import { agentSummary } from '../agents.ts';
import { abDocument } from '../export/results.ts';
import { type Element, elements, numbersIn, readPage, tableRows, textOf } from './read-page.ts';

const read = (markup: unknown) => readPage(`<!doctype html>\n${markup}`);
const DETAILS = 'Rates, tiers and checksums of each row';
const widthOf = ({ attributes }: Element) => Number(attributes.get('width'));

test('latencies are those of the summary, with how many operations they are of', () => {
  const summary = summarize(abDocument());
  const rows = tableRows(read(latencySection(summary)), 'Latency');
  const timed = summary.workloads.flatMap(({ latencyNs }) => latencyNs ?? []);
  expect(timed).toHaveLength(2);
  expect(rows.map(({ cells }) => [...cells.values()].flatMap(numbersIn))).toEqual(
    timed.map(({ p50, p90, p99, p999, max, count }) => [p50, p90, p99, p999, max, count]),
  );
});

test('each row has its rates, tier and checksum; what no row has is no column', () => {
  const summary = summarize(abDocument());
  const rows = tableRows(read(rowDetails(summary)), DETAILS);
  expect(rows.map(({ name }) => name)).toEqual(
    summary.workloads.map(({ name, params }) => fullLabel(name, params, summary.settings)),
  );
  for (const [
    i,
    { opsPerSec, bytesPerSec, tier, checksum, roundCount, forkCount },
  ] of summary.workloads.entries()) {
    const { cells } = rows[i]!;
    expect([...cells.values()].flatMap(numbersIn)).toEqual([
      opsPerSec,
      ...(bytesPerSec === null ? [] : [bytesPerSec.payload, bytesPerSec.traffic]),
      roundCount,
      forkCount,
    ]);
    expect([textOf(cells.get('tier')!), textOf(cells.get('checksum')!)]).toEqual([tier, checksum]);
    expect(cells.has('together')).toBe(false);
  }
});

test('rows of agents say how far they ran together', () => {
  const summary = agentSummary([
    {
      name: 'chase',
      params: { agents: 2 },
      ns: 60,
      changes: {
        overlap: 0.97,
        startSkewNs: 1200,
        windowsApart: 2,
        fairness: 0.9,
        leastShare: 0.5,
        pinning: '<b>0, 1',
      },
    },
  ]);
  const [row] = tableRows(read(rowDetails(summary)), DETAILS);
  const figures = ['together', 'starts within', 'fairness', 'slowest / fastest', 'windows apart'];
  expect(figures.map((title) => numbersIn(row!.cells.get(title)!))).toEqual([
    [0.97],
    [1200],
    [0.9],
    [0.5],
    [8],
  ]);
  expect(textOf(row!.cells.get('where')!)).toBe('<b>0, 1');
});

test('distributions are those of the histograms, as far as the operations go', () => {
  const samples = abDocument();
  const page = read(distributionSection(summarize(samples), samples));
  const marks = elements(page, 'g').filter(({ attributes }) => attributes.get('class') === 'mark');
  expect(marks).toHaveLength(2 * 4);
  const [histogram] = latencyHistograms(samples.latencies!).values();
  expect(marks.slice(0, 4).map(({ attributes }) => Number(attributes.get('data-ns')))).toEqual([
    histogram!.min,
    ...[25, 50, 75].map((percent) => histogram!.percentile(percent)),
  ]);
  expect(textOf(marks[2]!)).toMatch(/^A, 50%: /);
  expect(String(distributionSection(summarize(samplesDocument()), samplesDocument()))).toBe('');
});

test('stacks hold each share, and bars as long as these', () => {
  const share = (value: number) => ({ share: value, low: value - 0.01, high: value + 0.01 });
  const none = { share: 0, low: 0, high: 0 };
  const stack: StackRow['stack'] = {
    harness: share(0.25),
    boundary: none,
    copy: null,
    bounds: share(-0.05),
    decode: share(0.75),
  };
  const row: StackRow = { ...arm, nsPerOp: 1.5, pairedRounds: 20, stack };
  const summary: Summary = { ...summarize(samplesDocument()), stacks: [row] };
  const page = read(stackSection(summary));
  const [shown] = tableRows(page, 'What the time is made of');
  expect(STACK_PARTS.map((part) => numbersIn(shown!.cells.get(part)!))).toEqual([
    [0.25],
    [],
    [],
    [-0.05],
    [0.75],
  ]);
  expect(textOf(shown!.cells.get('copy')!)).toBe('–');
  expect(numbersIn(shown!.cells.get('time')!)).toEqual([1.5]);
  const widths = elements(shown!.cells.get('shares')!, 'rect').map(widthOf);
  expect(widths).toEqual([75, 225]);
  expect(textOf(page)).toContain('– was not measured apart: it is in decode');
});

test('a matrix holds the figure of each pair, the slowest in the strongest colour', () => {
  const params = (processors: string) => ({ agents: 2, footprintBytes: 65536, path: 'direct', processors });
  const summary = agentSummary([
    { name: 'ping-pong-cas', params: params('0-1'), ns: 60 },
    { name: 'ping-pong-cas', params: params('1-0'), ns: 90 },
    { name: 'ping-pong-cas', params: params('0-10'), ns: 600 },
  ]);
  const page = read(matrixSection(summary));
  expect(textOf(elements(page, 'h4')[0]!)).toBe(
    'agents ping-pong-cas 64 KiB, direct, wasm, one way | round trip',
  );
  const lines = elements(elements(page, 'tbody')[0]!, 'tr').map((line) => elements(line, 'td'));
  const times = summary.workloads.map(({ nsPerOp }) => nsPerOp!.estimate);
  expect(lines.map((cells) => cells.map((cell) => numbersIn(cell)[0] ?? textOf(cell)))).toEqual([
    ['·', times[0]! / 2, times[2]! / 2],
    [times[1]! / 2, '·', '–'],
    ['–', '–', '·'],
  ]);
  expect(numbersIn(lines[0]![1]!)).toEqual([times[0]! / 2, times[0]]);
  const steps = lines[0]!.map(({ attributes }) => attributes.get('class'));
  expect(steps).toEqual([undefined, 'h0', 'h8']);
});

test('a matrix of pairs that are nearly alike is of one colour', () => {
  const params = (processors: string) => ({ agents: 2, path: 'direct', processors });
  const summary = agentSummary([
    { name: 'one-to-all-read', params: params('0-1'), ns: 60 },
    { name: 'one-to-all-read', params: params('1-0'), ns: 60.6 },
  ]);
  const [body] = elements(read(matrixSection(summary)), 'tbody');
  const cells = elements(body!, 'td');
  expect(cells.map(({ attributes }) => attributes.get('class'))).toEqual([undefined, 'h0', 'h0', undefined]);
});

test('starts are those of the summary, and blank where there was none', () => {
  const phase = { implementation: 'wasm', runtime: 'node 26.10.0', build: 'b1', forks: 4 };
  const compileNs = { estimate: 4e5, low: 3e5, high: 5e5 };
  const phases = [{ ...phase, compileNs, instantiateNs: null, firstOverSteady: null }];
  const page = read(startSection({ ...summarize(samplesDocument()), phases }));
  const [row] = tableRows(page, 'Start of a process');
  expect(numbersIn(row!.cells.get('compile')!)).toEqual([4e5, 3e5, 5e5]);
  expect(textOf(row!.cells.get('instantiate')!)).toBe('');
  expect(numbersIn(row!.cells.get('processes')!)).toEqual([4]);
});

test('changed work is said as in the terminal', () => {
  const count = { ...arm, toolchain: 'asc 0.28.20', operations: 4096, counts: { wasmLoads: 10 } };
  const work = [count, { ...count, build: 'b2', counts: { wasmLoads: 11 } }];
  const summary = summarize(samplesDocument({ work }));
  const lines = elements(read(workSection(summary)), 'li').map(textOf);
  expect(lines).toEqual(workLines(summary.work, summary.settings));
  expect(lines[0]).toContain('wasmLoads 10 -> 11');
});

test('where nothing of the kind was measured there is no table', () => {
  const summary = summarize(samplesDocument());
  for (const make of [latencySection, stackSection, startSection, workSection, matrixSection])
    expect(String(make(summary))).toBe('');
});
