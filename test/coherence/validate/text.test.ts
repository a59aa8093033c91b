import { describe, expect, test } from 'vitest';
import { PUBLISHED_CELLS } from '../../../src/coherence/published/cells.ts';
import { validationJson } from '../../../src/coherence/validate/json.ts';
import { validate } from '../../../src/coherence/validate/table.ts';
import { validationText } from '../../../src/coherence/validate/text.ts';

/** A model that gives 800 for everything. */
const FLAT = validate('flat', () => 800);

describe('the table as text', () => {
  const text = validationText(FLAT);
  const lines = text.split('\n');

  test('has a line for each cell, with sign, error and verdict', () => {
    for (const { id } of PUBLISHED_CELLS) {
      expect(lines.filter((line) => line.split(' ')[0] === id).length, id).toBeGreaterThan(0);
    }
    const line = (id: string) => lines.find((one) => one.startsWith(`${id} `))!.replace(/ +/g, ' ');
    expect(line('chase.grace.hbm')).toBe('chase.grace.hbm F, text 798.8 ns 800.0 ns +0.2% – no bound');
    expect(line('chase.hopper.lpddr')).toBe(
      'chase.hopper.lpddr F, text 817.8 ns 800.0 ns -2.2% ±5.0% fitted',
    );
    expect(line('chase.grace.hbm@W')).toBe(
      'chase.grace.hbm@W W, text 800.0 to 1000.0 ns 800.0 ns -11.1% 798.8 to 1000.0 within',
    );
    expect(line('chase.grace.peer-hbm')).toBe('chase.grace.peer-hbm F, text 1076.3 ns – – – not modelled');
  });

  test('says above figures whether they were published or modelled', () => {
    const heads = lines.filter((line) => /^ +published +modelled +error +bound +verdict$/.test(line));
    expect(heads).toHaveLength(7);
    expect(new Set(heads).size).toBe(1);
    expect(lines[0]).toMatch(/^Profile flat, modelled, against published figures\. Split [0-9a-f]{12}\.$/);
  });

  test('is as it was', async () => {
    await expect(text).toMatchFileSnapshot('../../golden/coherence-validation.txt');
  });
});

describe('the table as data', () => {
  const data = validationJson(FLAT);

  test('has two rows a cell, each of one kind of evidence', () => {
    expect(data.rows).toHaveLength(2 * PUBLISHED_CELLS.length);
    for (const row of data.rows) {
      expect('value' in row).toBe(row.evidence === 'modelled');
      expect('low' in row).toBe(row.evidence === 'published');
    }
  });

  test('claims only the sign of a direction', () => {
    expect(data.directions[0]).toEqual({
      evidence: 'modelled',
      against: 'published',
      id: 'noise-read.grace.lpddr',
      is: 'less',
      than: 'read.grace.lpddr',
      modelled: 0,
      verdict: 'missed',
    });
  });

  test('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  });
});
