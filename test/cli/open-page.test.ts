import { expect, test } from 'vitest';
import { openPage } from '../../src/cli/open-page.ts';

/** What is started, and what is said, on a machine like this; `failure` is why nothing could be started. */
function opened(platform: string, env: Record<string, string>, failure?: Error) {
  const started: (string | readonly string[])[] = [];
  const said: string[] = [];
  openPage('/tmp/a b.html', {
    platform,
    env,
    spawn(command, args) {
      started.push([command, ...args]);
      return { once: (_, listener) => failure && listener(failure) };
    },
    say: (message) => said.push(message),
  });
  return { started, said };
}

const URL = 'file:///tmp/a%20b.html';

test.each([
  ['linux', { DISPLAY: ':0' }, 'xdg-open'],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'xdg-open'],
  ['freebsd', { DISPLAY: ':0' }, 'xdg-open'],
  ['darwin', {}, 'open'],
  ['win32', {}, 'explorer'],
])('on %s with %j it is %s', (platform, env, opener) => {
  expect(opened(platform, env)).toEqual({ started: [[opener, '/tmp/a b.html']], said: [`opening ${URL}`] });
});

test('without a display nothing is started, and it is said where the page is', () => {
  const { started, said } = opened('linux', { DISPLAY: '' });
  expect(started).toEqual([]);
  expect(said).toEqual([`there is no display here; open ${URL} in a browser`]);
});

test('where it cannot be started, that is said, with why', () => {
  const { said } = opened('linux', { DISPLAY: ':0' }, new Error('spawn xdg-open ENOENT'));
  expect(said.at(-1)).toBe(`cannot be opened (spawn xdg-open ENOENT); open ${URL} in a browser`);
});
