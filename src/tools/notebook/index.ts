// Notebooks as data: reading them, what their cells declare, checking their types.
export {
  codeCells,
  hasTag,
  readNotebook,
  tagsOf,
  type Cell,
  type CodeCell,
  type Notebook,
  type NotebookContent,
  type Output,
} from './notebook';
export { KERNELSPEC, LANGUAGE_INFO, notebookText } from './notebook-file';
export {
  boundNames,
  declarationsIn,
  declarationsOf,
  hasModifier,
  identifiersIn,
  identifiersOf,
  isVar,
  readCell,
  runsSomething,
  type Declaration,
} from './declarations';
export { CellModules, END_OF_CODE, moduleNameOf, type CellModule } from './cell-module';
export { blankModule, indexFile, indexText } from './cell-index';
export { AMBIENT, givenName, isInternal } from './given-names';
export { diagnosticsOfCell } from './cell-diagnostics';
export { compilerOptions, formatDiagnostic, messageOf, typeCheck, type CellDiagnostic } from './type-check';
