import type { Content } from './content';
import { fromFolders } from './from-folders';

let given: Content | undefined;

/** Takes the place of the project's folders, where there are none: in a page. */
export function provideContent(content: Content): void {
  given = content;
}

/** The course's chapters: those of {@link provideContent}, else those in the project's folders. */
export function content(): Content {
  return (given ??= fromFolders());
}
