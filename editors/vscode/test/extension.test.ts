// Activation against a stand-in for the editor and for the client library.

import assert from 'node:assert/strict';
import Module from 'node:module';
import { test } from 'node:test';

const said: string[] = [];
const commands = new Map<string, (...given: unknown[]) => unknown>();
let configured: ((event: { affectsConfiguration(name: string): boolean }) => Promise<void>) | undefined;
let provider: { provideTextDocumentContent(uri: { toString(): string }): Promise<string> } | undefined;
let path = '/opt/rolecall';
let breaks = false;

class LanguageClient {
  outputChannel = { show: () => said.push('log') };
  constructor(
    readonly id: string,
    readonly name: string,
    readonly server: { command: string; args: string[] },
    readonly options: { middleware: { executeCommand(name: string, given: unknown[], next: unknown): Promise<unknown> } },
  ) {
    said.push(`new ${server.command} ${server.args.join(' ')}`);
    current = this;
  }
  notified = new Map<string, (given: unknown) => void>();
  onNotification(name: string, then: (given: unknown) => void) {
    this.notified.set(name, then);
  }
  async start() {
    if (breaks) throw new Error('no such program');
    said.push('start');
  }
  async stop() {
    said.push('stop');
  }
  async sendRequest(method: string, params: { uri: string }) {
    return { text: `${method} ${params.uri}` };
  }
}
let current: LanguageClient | undefined;

const item = { text: '', tooltip: undefined as unknown, command: '', show: () => {}, hide: () => {}, dispose: () => {} };
const vscode = {
  StatusBarAlignment: { Left: 1 },
  Uri: { parse: (text: string) => ({ toString: () => text }) },
  EventEmitter: class {
    event = () => {};
    fire() {}
    dispose() {}
  },
  commands: {
    registerCommand: (name: string, does: (...given: unknown[]) => unknown) => commands.set(name, does),
    executeCommand: async (name: string, uri: { toString(): string }) => said.push(`${name} ${uri.toString()}`),
  },
  window: {
    createStatusBarItem: () => item,
    showErrorMessage: async (message: string) => said.push(message),
  },
  workspace: {
    getConfiguration: () => ({ get: () => path }),
    registerTextDocumentContentProvider: (_: string, one: typeof provider) => {
      provider = one;
    },
    onDidChangeConfiguration: (then: typeof configured) => {
      configured = then;
    },
  },
};

type Load = (request: string, ...rest: unknown[]) => unknown;
const loader = Module as unknown as { _load: Load };
const load = loader._load;
loader._load = (request, ...rest) => {
  if (request === 'vscode') return vscode;
  if (request === 'vscode-languageclient/node') return { LanguageClient };
  return load.call(Module, request, ...rest);
};

// eslint-disable-next-line @typescript-eslint/no-require-imports
const extension = require('../src/extension') as typeof import('../src/extension');

test('activation starts the program and offers its commands', async () => {
  await extension.activate({ subscriptions: [] } as never);
  assert.deepEqual(said.splice(0), ['new /opt/rolecall lsp', 'start']);
  assert.deepEqual([...commands.keys()].sort(), ['rolecall.log', 'rolecall.requirements', 'rolecall.restart']);
  current?.notified.get('rolecall/status')?.({ text: '1 deployment, 1 cluster: 0 missing' });
  assert.equal(item.text, '$(shield) rolecall: 1 cluster, nothing missing');
});

test('the table is shown from the command and from the line above a cluster', async () => {
  const shown = 'markdown.showPreview rolecall:///requirements.md';
  await commands.get('rolecall.requirements')?.();
  await current?.options.middleware.executeCommand('rolecall.showRequirements', [], undefined);
  assert.deepEqual(said.splice(0), [shown, shown]);
  const passed = await current?.options.middleware.executeCommand('other', [1], async (name: string) => name);
  assert.equal(passed, 'other');
});

test('pages come from the server', async () => {
  const text = await provider?.provideTextDocumentContent({ toString: () => 'rolecall:///rules/a.md' });
  assert.equal(text, 'workspace/textDocumentContent rolecall:///rules/a.md');
});

test('another program is another server, and no other setting is', async () => {
  await configured?.({ affectsConfiguration: (name) => name === 'rolecall.ignore' });
  assert.deepEqual(said.splice(0), []);
  path = '/new/rolecall';
  await configured?.({ affectsConfiguration: (name) => name === 'rolecall.path' });
  assert.deepEqual(said.splice(0), ['stop', 'new /new/rolecall lsp', 'start']);
});

test('a program that is not there is told of', async () => {
  breaks = true;
  await commands.get('rolecall.restart')?.();
  assert.match(said.at(-1) ?? '', /cannot be started as `\/new\/rolecall`.*rolecall\.path/);
  await extension.deactivate();
});
