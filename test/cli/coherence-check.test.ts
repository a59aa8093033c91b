import { expect, test, vi } from 'vitest';
import { coherenceCheck } from '../../src/cli/coherence-check.ts';

test('what an interrupted check prints begins with that it is not whole', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const checked = coherenceCheck({ quick: true, quiet: true });
    process.emit('SIGINT');
    expect(await checked).toBe(130);
    const printed = write.mock.calls.map(([text]) => text).join('');
    expect(printed).toMatch(/^INTERRUPTED: what was looked at so far\n/);
    expect(printed).not.toContain('Random traffic');
  } finally {
    write.mockRestore();
  }
});
