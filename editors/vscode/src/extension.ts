// Starts the language server, and shows what only this editor has a place for.

import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions } from 'vscode-languageclient/node';

import { program, SELECTOR } from './settings';
import { show, type Status } from './status';

const SECTION = 'rolecall';
const SCHEME = 'rolecall';

let client: LanguageClient | undefined;

/** Shows the table of permissions as a document. */
async function requirements(): Promise<void> {
  const uri = vscode.Uri.parse(`${SCHEME}:///requirements.md`);
  changed.fire(uri);
  await vscode.commands.executeCommand('markdown.showPreview', uri);
}

const changed = new vscode.EventEmitter<vscode.Uri>();

/** Texts that the server brings: rules' pages and the table. */
const pages: vscode.TextDocumentContentProvider = {
  onDidChange: changed.event,
  async provideTextDocumentContent(uri) {
    const answer = await client?.sendRequest<{ text: string }>('workspace/textDocumentContent', { uri: uri.toString() });
    return answer?.text ?? '';
  },
};

async function start(status: vscode.StatusBarItem): Promise<void> {
  const { command, args } = program(vscode.workspace.getConfiguration(SECTION));
  const options: LanguageClientOptions = {
    documentSelector: SELECTOR,
    synchronize: { configurationSection: SECTION },
    middleware: {
      async executeCommand(name, given, next) {
        if (name === 'rolecall.showRequirements') {
          return requirements();
        }
        return next(name, given);
      },
    },
  };
  client = new LanguageClient(SECTION, 'rolecall', { command, args }, options);
  client.onNotification('rolecall/status', (one: Status) => show(status, one));
  try {
    await client.start();
  } catch (error) {
    void vscode.window.showErrorMessage(
      `rolecall cannot be started as \`${command}\`: install it, or set rolecall.path (${String(error)})`,
    );
  }
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const status = vscode.window.createStatusBarItem(vscode.StatusBarAlignment.Left, 0);
  status.command = 'rolecall.requirements';
  status.text = '$(shield) rolecall';
  context.subscriptions.push(
    status,
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, pages),
    vscode.commands.registerCommand('rolecall.requirements', requirements),
    vscode.commands.registerCommand('rolecall.log', () => client?.outputChannel.show()),
    vscode.commands.registerCommand('rolecall.restart', async () => {
      await deactivate();
      await start(status);
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      // Another program is another server; all other settings it asks for itself.
      if (event.affectsConfiguration('rolecall.path')) {
        await deactivate();
        await start(status);
      }
    }),
  );
  await start(status);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}
