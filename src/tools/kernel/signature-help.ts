import ts from 'typescript';

/** What is told of code at a place, as text and as Markdown. */
export interface CodeHelp {
  readonly text: string;
  readonly markdown: string;
}

const MOST_SIGNATURES = 5;
const MOST_OPTIONS = 60;
const LONGEST_TYPE = 80;
const LONGEST_NOTE = 400;

/**
 * How the function is called whose arguments stand at a position: its signatures, the argument's options with what they
 * mean, and its documentation.
 */
export function signatureHelp(service: ts.LanguageService, file: string, position: number): CodeHelp | undefined {
  const help = service.getSignatureHelpItems(file, position, undefined);
  if (!help) return undefined;
  const selected = help.items[help.selectedItemIndex];
  const signatures = [selected, ...help.items.filter((item) => item !== selected)].map(signatureText);
  const more = signatures.length - MOST_SIGNATURES;
  const parameters = selected.parameters
    .map(({ name, documentation }, i) => ({
      name,
      isCurrent: i === help.argumentIndex,
      note: shorten(ts.displayPartsToString(documentation), LONGEST_NOTE),
    }))
    .filter(({ note }) => note !== '');
  const options = optionsAt(service.getProgram(), file, help);
  const lines = (code: (text: string) => string, strong: (text: string) => string): string[] => [
    parameters
      .map(({ name, isCurrent, note }) => `- ${isCurrent ? strong(code(name)) : code(name)}: ${note}`)
      .join('\n'),
    options.map(({ name, note }) => `- ${code(name)}${note === '' ? '' : `: ${note}`}`).join('\n'),
  ];
  const head = [...signatures.slice(0, MOST_SIGNATURES), ...(more > 0 ? [`// and ${more} more`] : [])].join('\n');
  const documentation = ts.displayPartsToString(selected.documentation);
  const join = (...parts: readonly string[]): string => parts.filter(Boolean).join('\n\n');
  return {
    text: join(
      head,
      ...lines(
        (text) => text,
        (text) => text,
      ),
      documentation,
    ),
    markdown: join(
      `\`\`\`typescript\n${head}\n\`\`\``,
      ...lines(
        (text) => `\`${text}\``,
        (text) => `**${text}**`,
      ),
      documentation,
    ),
  };
}

function signatureText({
  prefixDisplayParts,
  parameters,
  separatorDisplayParts,
  suffixDisplayParts,
}: ts.SignatureHelpItem): string {
  const [prefix, separator, suffix] = [prefixDisplayParts, separatorDisplayParts, suffixDisplayParts].map((parts) =>
    ts.displayPartsToString(parts),
  );
  return `${prefix}${parameters.map(({ displayParts }) => ts.displayPartsToString(displayParts)).join(separator)}${suffix}`;
}

const shorten = (text: string, longest: number): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
};

interface Option {
  /** As it is declared: `units: number`. */
  readonly name: string;
  readonly note: string;
}

/** The fields of the argument at the cursor, where it is an object of options. */
function optionsAt(
  program: ts.Program | undefined,
  file: string,
  { applicableSpan, argumentIndex }: ts.SignatureHelpItems,
): Option[] {
  const source = program?.getSourceFile(file);
  const call = source && callAt(source, applicableSpan.start);
  if (!program || !call) return [];
  const checker = program.getTypeChecker();
  const parameter = checker.getResolvedSignature(call)?.parameters.at(argumentIndex);
  if (!parameter) return [];
  const type = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(parameter, call));
  const properties = (type.isUnion() ? type.types : [type])
    .filter((member) => isOptions(program, member))
    .flatMap((member) => checker.getPropertiesOfType(member));
  return properties.slice(0, MOST_OPTIONS).map((property) => {
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const given = checker.getTypeOfSymbolAtLocation(property, call);
    const text = shorten(checker.typeToString(isOptional ? checker.getNonNullableType(given) : given), LONGEST_TYPE);
    return {
      name: `${property.name}${isOptional ? '?' : ''}: ${text}`,
      note: shorten(ts.displayPartsToString(property.getDocumentationComment(checker)), LONGEST_NOTE),
    };
  });
}

/** The innermost call whose arguments begin at a position or before it. */
function callAt(source: ts.SourceFile, position: number): ts.CallExpression | ts.NewExpression | undefined {
  let found: ts.CallExpression | ts.NewExpression | undefined;
  const visit = (node: ts.Node): void => {
    if (node.pos > position || node.end < position) return;
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && node.arguments && node.arguments.pos <= position)
      found = node;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/**
 * An object with fields that the caller writes: no list, function, instance of a class, or type of the language itself.
 */
function isOptions(program: ts.Program, type: ts.Type): boolean {
  const checker = program.getTypeChecker();
  if (
    (type.flags & ts.TypeFlags.Object) === 0 ||
    type.isClass() ||
    checker.isArrayLikeType(type) ||
    type.getCallSignatures().length > 0
  )
    return false;
  return !type.symbol?.declarations?.some(
    (declaration) => ts.isClassLike(declaration) || program.isSourceFileDefaultLibrary(declaration.getSourceFile()),
  );
}
