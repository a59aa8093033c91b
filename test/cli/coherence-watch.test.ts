import { expect, test } from 'vitest';
import { counted, watched } from '../../src/cli/coherence-watch.ts';
import { openCoherenceProfile } from '../../src/coherence/profiles/profiles.ts';

const GH200 = openCoherenceProfile('gh200-120gb');
const CHASES = ['chase.grace.l1', 'chase.hopper.l1'];

test('one figure is asked for after the other, and counted', async () => {
  const said: string[] = [];
  const figures = await watched(true, (predict, say) =>
    counted(predict, 2, (state) => {
      said.push(state);
      say(state);
    })(GH200, CHASES),
  );
  expect(figures).toEqual([1.2, 25.5]);
  expect(said).toEqual(['1 of 2', '2 of 2']);
});

test('an interrupt ends it before the next simulation, and leaves no listener', async () => {
  const before = process.listenerCount('SIGINT');
  const figures = await watched(true, async (predict) => {
    process.emit('SIGINT');
    return predict(GH200, CHASES);
  });
  expect(figures).toBeNull();
  expect(process.listenerCount('SIGINT')).toBe(before);
});

test('what goes wrong without an interrupt is passed on', async () => {
  await expect(watched(true, () => Promise.reject(new Error('wrong')))).rejects.toThrow('wrong');
});
