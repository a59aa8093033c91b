import { describe, expect, test } from 'vitest';
import { CELLS } from '../../../src/coherence/predict/cells.ts';
import { predictCell, predictor } from '../../../src/coherence/predict/predict.ts';
import type { ParameterName } from '../../../src/coherence/profiles/parameters.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';
import { PUBLISHED_CELLS, quantityOf } from '../../../src/coherence/published/cells.ts';
import { tsCore } from '../../../src/coherence/simulate/ts-core.ts';
import { wasmCore, wasmCoreInTurn } from '../../../src/coherence/simulate/wasm-core.ts';
import { DIRECTIONS } from '../../../src/coherence/validate/directions.ts';

const { values: VALUES } = openCoherenceProfile('gh200-120gb');
const { values: PCIE } = openCoherenceProfile('pcie-gen5-io-coherent');

function predicted(id: string, values = VALUES) {
  const prediction = predictCell(values, id, wasmCore);
  if (prediction === null) throw new Error(`no figure for ${id}`);
  return prediction;
}

/** Of a message with so many bytes, in nanoseconds. */
const onLink = (bytes: number) => Math.round((bytes * 1e12) / VALUES['link-rate']) / 1000;

describe('a chase is the sum of its parts', () => {
  const across = {
    'link bytes': onLink(VALUES['link-overhead-request']) + onLink(64 + VALUES['link-overhead-read-data']),
    'link distance': (2 * VALUES['link-propagation']) / 1000,
  };

  const ns = (name: ParameterName, times = 1) => (times * VALUES[name]) / 1000;
  const [core, sm] = [ns('cpu-fabric-hop', 2), ns('gpu-fabric-hop', 2)];
  const [lpddr, hbm] = [ns('lpddr-latency'), ns('hbm-latency')];

  test.each([
    ['chase.grace.l1', { cache: 1.2 }],
    ['chase.grace.l2', { cache: 3.4 }],
    ['chase.grace.l3', { fabric: core }],
    ['chase.grace.lpddr', { fabric: core, memory: lpddr }],
    ['chase.hopper.l1', { cache: 25.5 }],
    ['chase.hopper.l2', { fabric: sm }],
    ['chase.hopper.hbm', { fabric: sm, memory: hbm }],
    ['chase.hopper.lpddr-small', { fabric: sm, ...across }],
    ['chase.hopper.lpddr', { fabric: sm, ...across, memory: lpddr }],
    ['chase.grace.hbm', { fabric: core, ...across, memory: hbm }],
  ])('%s', (id, parts) => {
    const { figure, partsNs } = predicted(id);
    // What a core gives back meets the next request at the link.
    const { 'link queue': queue = 0, ...others } = partsNs;
    expect(queue).toBeLessThan(0.1);
    expect(Object.keys(others)).toEqual(Object.keys(parts));
    for (const [name, ns] of Object.entries(parts)) {
      expect(partsNs[name as keyof typeof partsNs]).toBeCloseTo(ns, 6);
    }
    const sum = Object.values(parts).reduce((total, ns) => total + ns, queue);
    expect(figure).toBeCloseTo(sum, 6);
  });
});

describe('bandwidth comes from what is in flight and what serves it', () => {
  test('of one thread by lines in flight over latency', () => {
    const { figure } = predicted('one-thread-read.grace.lpddr');
    const littles = (64 * VALUES['cpu-outstanding-reads']) / 170.2;
    expect(figure).toBeGreaterThan(0.97 * littles);
    expect(figure).toBeLessThan(1.03 * littles);
  });

  test('of all cores by the channels', () => {
    const { figure } = predicted('read.grace.lpddr');
    const ofChannels = (64_000 * VALUES['lpddr-channels']) / VALUES['lpddr-read-service'];
    expect(figure).toBeGreaterThan(0.97 * ofChannels);
    expect(figure).toBeLessThan(1.03 * ofChannels);
  });
});

describe('sharing costs', () => {
  test('a line that two cores store to is slower than two lines', () => {
    const shared = predicted('shared-line.grace.lpddr').figure;
    expect(shared).toBeGreaterThan(2 * predicted('padded-line.grace.lpddr').figure);
  });

  test('turns take the same, whoever begins', () => {
    expect(predicted('pingpong.lpddr.grace-hopper').figure).toBeCloseTo(
      predicted('pingpong.lpddr.hopper-grace').figure,
      0,
    );
  });
});

describe('what there is a figure for', () => {
  test('are published quantities and those of directions, each once', () => {
    const ids = CELLS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const known = new Set([
      ...PUBLISHED_CELLS.map(({ id }) => quantityOf(id)),
      ...DIRECTIONS.flatMap(({ id, against }) => [id, against]),
    ]);
    expect(ids.filter((id) => !known.has(id))).toEqual([]);
  });

  test('is nothing the model does not have', () => {
    expect(predictCell(VALUES, 'chase.grace.peer-hbm', tsCore)).toBeNull();
    expect(predictCell(VALUES, 'copy-engine.lpddr-hbm', tsCore)).toBeNull();
  });

  test('is no atomic that a profile has not', () => {
    expect(predictCell(PCIE, 'pingpong.hbm.grace-hopper', tsCore)).toBeNull();
    expect(predictCell(PCIE, 'contended-add.hopper.lpddr', tsCore)).toBeNull();
    expect(predicted('pingpong.hbm.hopper-hopper', PCIE).figure).toBeGreaterThan(0);
  });

  test('is the same whatever was simulated in the same memory before', () => {
    const inTurn = wasmCoreInTurn();
    for (const id of [
      'one-block-read.hopper.hbm',
      'chase.grace.l2',
      'shared-line.grace.lpddr',
      'chase.grace.l2',
    ]) {
      expect(predictCell(VALUES, id, inTurn)).toEqual(predictCell(VALUES, id, tsCore));
    }
  });

  test('is simulated once for each quantity', () => {
    let cores = 0;
    const predict = predictor(VALUES, () => {
      cores++;
      return tsCore();
    });
    expect(predict('chase.hopper.hbm')).toBe(predict('chase.hopper.hbm'));
    expect(cores).toBe(2);
  });
});
