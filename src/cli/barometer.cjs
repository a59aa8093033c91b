#!/usr/bin/env node
// ECMAScript 5 of 2009, so that an old Node can read it far enough to say which one is needed. No call here may
// break over lines: the formatter would end its arguments with a comma, which is too new.
'use strict';

// module.registerHooks, by major version: measure/own-source.ts.
var MINOR = { 22: 15, 23: 5 };
var MESSAGE = [
  'barometer: this is Node FOUND, but barometer needs Node 22.15 or newer (of Node 23: 23.5).',
  'In a checkout, `npx barometer` and npm scripts use the Node that `npm ci` installed; elsewhere, install a newer one.',
  '',
].join('\n');

var version = process.versions.node;
var found = version.split('.').map(Number);
if (found[0] < 22 || found[1] < (MINOR[found[0]] || 0)) {
  process.stderr.write(MESSAGE.replace('FOUND', version));
  process.exit(2);
}
require('./main.js').main(process.argv);
