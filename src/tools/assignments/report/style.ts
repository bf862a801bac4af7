/** The look of pages for teachers and students. They need no network and run no script. */
const STYLE = [
  ':root{color-scheme:light dark}',
  'body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;overflow-wrap:break-word}',
  'table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}',
  'th,td{text-align:left;vertical-align:top;padding:.25rem .6rem;border-bottom:1px solid #8886}',
  'td:last-child,th:last-child{text-align:right;white-space:nowrap}',
  '.pass{color:#0a7d33}.other{color:#b3261e}',
  '@media(prefers-color-scheme:dark){.pass{color:#6fdd8b}.other{color:#ff8a80}}',
  'code{overflow-wrap:anywhere}',
  '.note{border-left:4px solid #b3261e;padding:.2rem .8rem}',
  '.text{white-space:pre-wrap;border-left:4px solid #8886;margin:.5rem 0;padding:.2rem .8rem}',
  'article{margin:1.5rem 0}h3{margin-bottom:.2rem}',
].join('');

/** The beginning of a page, up to its content. The title is escaped already. */
export const pageHead = (title: string): string =>
  [
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">',
    `<title>${title}</title><style>${STYLE}</style></head><body><main>`,
  ].join('\n');

export const PAGE_END = '</main></body></html>\n';
