// The one door through which parts reach what belongs to a chapter.
export { type Content } from './content';
export { content, provideContent } from './port';
