/** What danfo.js reads CSV with; it comes with that package. */
declare module 'papaparse' {
  export interface ParseOptions {
    readonly header?: boolean;
    readonly dynamicTyping?: boolean;
    readonly skipEmptyLines?: boolean | 'greedy';
    readonly delimiter?: string;
  }
  export function parse(text: string, options: ParseOptions): { data: Record<string, unknown>[] };
}
