import { expect, test, vi } from 'vitest';
import { coherenceExplain } from '../../src/cli/coherence-explain.ts';

test('a diagram without the name of a file is refused before anything is printed', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const flags = { profile: 'gh200-120gb', line: 'nobody', svg: '' };
    expect(() => coherenceExplain(['grace', 'load', 'hbm'], flags)).toThrow(
      '--svg "": expected the name of a file',
    );
    expect(write).not.toHaveBeenCalled();
  } finally {
    write.mockRestore();
  }
});
