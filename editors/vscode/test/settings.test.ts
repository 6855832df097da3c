import assert from 'node:assert/strict';
import { test } from 'node:test';

import { program, SELECTOR } from '../src/settings';

const settings = (path?: string) => ({
  get: <T>(_: string, otherwise?: T) => (path === undefined ? otherwise : (path as T)) as T,
});

test('the program is on the PATH unless a setting names it', () => {
  assert.deepEqual(program(settings()), { command: 'rolecall', args: ['lsp'] });
  assert.deepEqual(program(settings('  ')), { command: 'rolecall', args: ['lsp'] });
  assert.deepEqual(program(settings('/opt/rolecall')), { command: '/opt/rolecall', args: ['lsp'] });
});

test('only files are told of', () => {
  assert.ok(SELECTOR.every((one) => one.scheme === 'file'));
});
