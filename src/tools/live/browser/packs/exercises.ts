// `layerwise/grading` with the exercises of all chapters, as learners see them. Other parts lie in the runtime.
import sets from 'layerwise:exercises';
import { provideContent } from '../../../../parts/content';
import * as grading from '../../../../parts/grading';
import type { Pack } from '../worker/door';

export const install: Pack['install'] = (door) => {
  provideContent({
    chapters: Object.keys(sets),
    read: (chapter, what) => (what === 'exercises' ? sets[chapter]?.() : undefined),
  });
  door.addModule('layerwise/grading', grading);
};
