import ts from 'typescript';

/** What a cell adds to types of other modules and to global ones: the place and the names, for each of its blocks. */
export function augmentationsIn(file: ts.SourceFile): string[] {
  return blocksIn(file).map((block) => `${block.name.getText(file)}: ${namesIn(block).join(' ')}`);
}

/** The text with these blocks blank, so that all else stays where it is. */
export function withoutAugmentations(text: string): string {
  const file = ts.createSourceFile('cell.ts', text, ts.ScriptTarget.ES2022, true);
  return blocksIn(file).reduce((result, block) => {
    const start = block.getStart(file);
    return result.slice(0, start) + result.slice(start, block.end).replace(/[^\n]/g, ' ') + result.slice(block.end);
  }, text);
}

const blocksIn = (file: ts.SourceFile): ts.ModuleDeclaration[] =>
  file.statements.filter(
    (statement): statement is ts.ModuleDeclaration =>
      ts.isModuleDeclaration(statement) &&
      (ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0),
  );

const namesIn = ({ body }: ts.ModuleDeclaration): string[] =>
  body && ts.isModuleBlock(body)
    ? body.statements.flatMap((statement) =>
        ts.isVariableStatement(statement)
          ? statement.declarationList.declarations.map(({ name }) => name.getText())
          : ts.isDeclarationStatement(statement)
            ? (statement.name?.getText() ?? [])
            : [],
      )
    : [];
