// What the settings mean for starting the server. The rest of them the server asks for itself.

import type { WorkspaceConfiguration } from 'vscode';

/** The program and its arguments. */
export interface Program {
  command: string;
  args: string[];
}

/** The program that the settings name; what is left empty is the name on the PATH. */
export function program(settings: Pick<WorkspaceConfiguration, 'get'>): Program {
  const path = settings.get<string>('path', '').trim();
  return { command: path === '' ? 'rolecall' : path, args: ['lsp'] };
}

/** The languages that the server is told of: by their ids, and by names where no extension knows the language. */
export const SELECTOR = [
  ...['bicep', 'bicep-params', 'terraform', 'terraform-vars', 'opentofu', 'json', 'jsonc', 'arm-template'].map(
    (language) => ({ scheme: 'file', language }),
  ),
  { scheme: 'file', pattern: '**/*.{bicep,bicepparam,tf,tofu,tfvars}' },
  { scheme: 'file', pattern: '**/rolecall.toml' },
];
