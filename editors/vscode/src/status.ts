// How much was analysed, in the status bar.

/** The part of a status bar item that is written to. */
export interface Item {
  text: string;
  tooltip: unknown;
  show(): void;
  hide(): void;
}

/** What the server tells once it has something new to say. */
export interface Status {
  text: string;
}

const CLUSTERS = /(\d+) clusters?\b/;
const MISSING = /(\d+) missing\b/;

/** Shows how much was analysed: in short, with the whole line beside the pointer. */
export function show(item: Item, status: Status): void {
  const clusters = CLUSTERS.exec(status.text)?.[1];
  const missing = MISSING.exec(status.text)?.[1];
  if (clusters === undefined) {
    item.text = '$(shield) rolecall: no cluster';
  } else {
    const state = missing !== undefined && missing !== '0' ? `${missing} missing` : 'nothing missing';
    item.text = `$(shield) rolecall: ${clusters} ${clusters === '1' ? 'cluster' : 'clusters'}, ${state}`;
  }
  item.tooltip = status.text;
  item.show();
}
