// `node scripts/api.ts`: writes docs/api.md from src/core/index.ts: every export with its signature and its doc comment as
// the TypeScript compiler reads them, and examples from the regions of examples/ that bear an export's name. A test compares.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import ts from 'typescript'

const opening = `# The core's interface

Everything that \`@winnow/core\` exports (\`npm run build:core\` makes the package, \`src/core/index.ts\` is the list). Written by
\`node scripts/api.ts\` from the sources, so change it there. Dimensions are those of the glossary: images N H W C, filters
R S C K, outputs P Q, matrices M N K. What is thrown is a \`CoreError\`: \`code\`, \`message\` with the actual values, and \`fix\`,
what to do. An option marked \`?\` may be left out; its comment or the signature says the default. An option that a function
does not have is refused by name, in plain JavaScript too.
`

/** The page's text for the repository at `root`. */
export function apiPage(root: string): string {
  const { config } = ts.readConfigFile(join(root, 'tsconfig/core.json'), path => readFileSync(path, 'utf8'))
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, join(root, 'tsconfig'))
  const core = join(root, 'src/core')
  const index = join(core, 'index.ts')
  const program = ts.createProgram([index, join(core, 'globals.d.ts')], options)
  const checker = program.getTypeChecker()
  const examples = examplesIn(root)
  const groups = new Map<string, string[]>()
  for (const exported of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(index)!)!)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    const declaration = symbol.declarations![0]!
    const file = relative(root, declaration.getSourceFile().fileName).split(sep).join('/')
    const area = file.split('/')[2]!.replace(/\.ts$/, '')
    groups.set(area, [
      ...(groups.get(area) ?? []),
      entry(checker, exported.name, declaration, file, examples.get(exported.name)),
    ])
  }
  const order = [...areas.keys()].filter(area => groups.has(area))
  const others = [...groups.keys()].filter(area => !areas.has(area)).sort()
  const parts = [...order, ...others].map(area => `## ${areas.get(area) ?? area}\n\n${groups.get(area)!.join('\n')}`)
  return `${[opening, ...parts].join('\n').trimEnd()}\n`
}

/** Folders of core in the order in which a newcomer meets them. */
const areas: ReadonlyMap<string, string> = new Map([
  ['train', 'Training and answers'],
  ['data', 'Photos'],
  ['nn', 'Nets and layers'],
  ['optim', 'Optimizers and schedules'],
  ['ops', 'Ops, losses and random changes of photos'],
  ['tensor', 'Tensors and traces, for own ops'],
  ['kernels', 'Kernels, for own ops and losses'],
  ['io', 'Files: checkpoints, models, ONNX'],
  ['device', 'Devices'],
  ['cpu', 'The reference device'],
  ['gpu', 'The GPU device'],
  ['gemm', 'Tuning'],
  ['error', 'Errors'],
])

function entry(
  checker: ts.TypeChecker,
  name: string,
  declaration: ts.Declaration,
  file: string,
  example: string | undefined,
): string {
  const lines = [`### ${name}`, '', '```ts', signature(checker, declaration), '```', '']
  const told = docOf(declaration)
  if (told) lines.push(told, '')
  const defaults = name === 'TrainingOptions' ? defaultsIn(declaration.getSourceFile()) : undefined
  if (defaults) lines.push('What is left out:', '', '```ts', defaults, '```', '')
  lines.push(`From \`${file}\`.`, '')
  if (example) lines.push('```ts', example, '```', '')
  return lines.join('\n')
}

/** The declaration without bodies, private members and `export`. */
function signature(checker: ts.TypeChecker, declaration: ts.Declaration): string {
  const source = declaration.getSourceFile()
  if (ts.isVariableDeclaration(declaration)) return constantSignature(checker, declaration, source)
  if (ts.isFunctionDeclaration(declaration)) return withoutBody(declaration, source)
  if (ts.isClassDeclaration(declaration)) return classSignature(declaration, source)
  return plain(declaration.getText(source))
}

/** A table of functions by their types, anything else as it is written. */
function constantSignature(
  checker: ts.TypeChecker,
  declaration: ts.VariableDeclaration,
  source: ts.SourceFile,
): string {
  const { initializer } = declaration
  const table = initializer && ts.isAsExpression(initializer) ? initializer.expression : initializer
  const members = checker.getTypeAtLocation(declaration).getProperties()
  const isTable = members.some(member => checker.getTypeOfSymbol(member).getCallSignatures().length > 0)
  if (!table || !ts.isObjectLiteralExpression(table) || !isTable) return `const ${declaration.getText(source)}`
  const lines = members.flatMap(member => {
    const told = ts.displayPartsToString(member.getDocumentationComment(checker)).replace(/\s*\n\s*/g, ' ')
    const type = checker.typeToString(checker.getTypeOfSymbol(member), declaration, ts.TypeFormatFlags.NoTruncation)
    return [...(told ? [`  /** ${told} */`] : []), `  ${member.name}: ${type}`]
  })
  return [`const ${declaration.name.getText(source)}: {`, ...lines, '}'].join('\n')
}

/** The object that `withDefaults` answers. */
function defaultsIn(source: ts.SourceFile): string | undefined {
  const made = source.statements.find(node => ts.isFunctionDeclaration(node) && node.name?.text === 'withDefaults')
  return made && /return (\{\n[\s\S]*?\n {2}\})/.exec(made.getText(source))?.[1]?.replace(/^ {2}/gm, '')
}

function withoutBody(declaration: ts.FunctionLikeDeclaration, source: ts.SourceFile): string {
  const end = declaration.body ? declaration.body.getStart(source) : declaration.getEnd()
  return plain(source.text.slice(declaration.getStart(source), end).trimEnd())
}

function classSignature(declaration: ts.ClassDeclaration, source: ts.SourceFile): string {
  const heritage = declaration.heritageClauses?.map(clause => ` ${clause.getText(source)}`).join('') ?? ''
  const members = declaration.members
    .filter(member => !(member.name && ts.isPrivateIdentifier(member.name)))
    .map(member => `  ${commentOf(member, source)}${memberSignature(member, source)}`)
  return [`class ${declaration.name!.text}${heritage} {`, ...members, '}'].join('\n')
}

function memberSignature(member: ts.ClassElement, source: ts.SourceFile): string {
  const hasBody = ts.isMethodDeclaration(member) || ts.isConstructorDeclaration(member) || ts.isAccessor(member)
  return hasBody ? withoutBody(member, source) : member.getText(source)
}

function commentOf(node: ts.Node, source: ts.SourceFile): string {
  const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)
  return doc ? `${doc.getText(source)}\n  ` : ''
}

function plain(text: string): string {
  return text.replace(/^export (?:default )?/, '')
}

function docOf(declaration: ts.Declaration): string {
  const owner = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
  return ts
    .getJSDocCommentsAndTags(owner)
    .filter(ts.isJSDoc)
    .map(doc => ts.getTextOfJSDocComment(doc.comment) ?? '')
    .join('\n')
    .replace(/\s*\n\s*/g, ' ')
}

/** What stands between `// #region NAME` and `// #endregion` of an example, by NAME. */
function examplesIn(root: string): ReadonlyMap<string, string> {
  const folder = join(root, 'examples')
  const texts = readdirSync(folder)
    .filter(file => file.endsWith('.ts'))
    .sort()
    .map(file => readFileSync(join(folder, file), 'utf8'))
  const regions = texts.flatMap(text => [...text.matchAll(/^\/\/ #region (\w+)\n([\s\S]*?)^\/\/ #endregion/gm)])
  return new Map(regions.map(([, name, code]) => [name!, code!.trimEnd()]))
}

/** Names of the regions of the examples, for the test that each belongs to an export. */
export function exampleNames(root: string): string[] {
  return [...examplesIn(root).keys()]
}

if (import.meta.filename === process.argv[1]) {
  const root = join(import.meta.dirname, '..')
  writeFileSync(join(root, 'docs/api.md'), apiPage(root))
  console.log('Wrote docs/api.md.')
}
