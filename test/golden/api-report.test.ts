/** What the package exports: a change of it is accepted with `npx vitest run -u`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiMember, apiPage, type ExtractedApi, extractApi } from '../../src/library/api.ts';

let folder: string;
let api: ExtractedApi;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-api-'));
  api = extractApi(folder);
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the public surface', () => {
  test('is the accepted one', async () => {
    expect(api.faults).toEqual([]);
    await expect(api.report).toMatchFileSnapshot('barometer.api.md');
  });

  test('says of each function, class and method what it does', () => {
    const spoken = (member: ApiMember): ApiMember[] =>
      ['Function', 'Class', 'Method'].includes(member.kind)
        ? [member, ...member.members.flatMap(spoken)]
        : member.members.flatMap(spoken);
    const silent = api.members.flatMap(spoken).filter(({ comment }) => comment === '');
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  test('is a page that has every export', () => {
    const page = apiPage(api);
    for (const { name } of api.members) expect(page).toContain(`## \`${name}\``);
    expect(page).not.toMatch(/^\s*[*/]/m);
  });
});
