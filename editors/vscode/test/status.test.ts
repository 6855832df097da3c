import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type Item, show } from '../src/status';

function shown(text: string): Item & { shown: boolean } {
  const item = { text: '', tooltip: undefined as unknown, shown: false, show: () => { item.shown = true; }, hide: () => { item.shown = false; } };
  show(item, { text });
  return item;
}

test('what is missing is told in short, and all of it beside the pointer', () => {
  const text = '3 deployments, 2 clusters: 9 permission questions: 6 granted, 1 missing, 2 assumed, 0 undecided';
  const item = shown(text);
  assert.equal(item.text, '$(shield) rolecall: 2 clusters, 1 missing');
  assert.equal(item.tooltip, text);
  assert.ok(item.shown);
});

test('nothing missing is told as such', () => {
  const item = shown('1 deployment, 1 cluster: 1 permission question: 1 granted, 0 missing, 0 assumed, 0 undecided');
  assert.equal(item.text, '$(shield) rolecall: 1 cluster, nothing missing');
});

test('no cluster does not look like success', () => {
  assert.equal(shown('1 deployment, no AKS cluster: there was nothing to check').text, '$(shield) rolecall: no cluster');
});
