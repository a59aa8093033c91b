#!/usr/bin/env node
// ECMAScript 5 of 2009, so that an old Node can read it far enough to say which one is needed. No call here may
// break over lines: the formatter would end its arguments with a comma, which is too new.
'use strict';

var REQUIRED = [22, 13];
var MESSAGE = [
  'barometer: this is Node FOUND, but barometer needs Node REQUIRED or newer.',
  'In a checkout, `npx barometer` and npm scripts use the Node that `npm ci` installed; elsewhere, install a newer one.',
  '',
].join('\n');

var version = process.versions.node;
var found = version.split('.').map(Number);
if (found[0] < REQUIRED[0] || (found[0] === REQUIRED[0] && found[1] < REQUIRED[1])) {
  process.stderr.write(MESSAGE.replace('FOUND', version).replace('REQUIRED', REQUIRED.join('.')));
  process.exit(2);
}
require('./main.js').main(process.argv);
