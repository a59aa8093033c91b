/** Opens a page as a double click does. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { printError } from './output.ts';

const OPENERS: Readonly<Record<string, string>> = { darwin: 'open', win32: 'explorer' };

export interface OpenIo {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  spawn(
    command: string,
    args: readonly string[],
  ): { once(event: 'error', listener: (error: Error) => void): unknown };
  say(message: string): void;
}

/** Says in any case where the page is: what opens it may show nothing, and nobody waits for it. */
export function openPage(path: string, io: OpenIo = REAL): void {
  const absolute = resolve(path);
  const { href } = pathToFileURL(absolute);
  const opener = openerOf(io);
  if (opener === null) {
    io.say(`there is no display here; open ${href} in a browser`);
    return;
  }
  io.say(`opening ${href}`);
  io.spawn(opener, [absolute]).once('error', ({ message }) => {
    io.say(`cannot be opened (${message}); open ${href} in a browser`);
  });
}

/** Without a display, `xdg-open` would start a browser of the terminal, or nothing. */
function openerOf({ platform, env }: OpenIo): string | null {
  const known = OPENERS[platform];
  if (known) return known;
  return env.DISPLAY || env.WAYLAND_DISPLAY ? 'xdg-open' : null;
}

const REAL: OpenIo = {
  platform: process.platform,
  env: process.env,
  spawn(command, args) {
    const child = spawn(command, args, { detached: true, stdio: 'ignore' });
    child.unref();
    return child;
  },
  say: printError,
};
