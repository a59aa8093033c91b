import { expect, test, vi } from 'vitest';
import { coherenceExplain } from '../../src/cli/coherence-explain.ts';

test.each([
  ['', '--svg "": expected the name of a file'],
  ['.', '--svg . is a folder; expected the name of a file'],
])('a diagram to %j is refused before anything is printed', (svg, message) => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const flags = { profile: 'gh200-120gb', line: 'nobody', svg };
    expect(() => coherenceExplain(['grace', 'load', 'hbm'], flags)).toThrow(message);
    expect(write).not.toHaveBeenCalled();
  } finally {
    write.mockRestore();
  }
});
