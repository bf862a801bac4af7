// Escape sequences, other control characters, and marks that turn the direction of writing: in a terminal or a table
// they would act instead of being read.

const ACTING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Text of others as it may be printed: what would act is shown as its number. Lines and tabs stay. */
export const plainText = (text: string): string =>
  text
    .replaceAll(/\r\n/g, '\n')
    .replace(ACTING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The same in one line. */
export const plainLine = (text: string): string => plainText(text).replaceAll(/[\n\t]+/g, ' ');
