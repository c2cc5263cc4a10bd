// YAML with lines, bounded before it is composed: depth, aliases and length of what cannot be a plan.
import { Composer, isNode, isScalar, Lexer, LineCounter, Parser, visit } from 'yaml';
import type { CST, Document } from 'yaml';
import { refuse } from './source.ts';
import type { Structure } from './structure.ts';

/** Open collections while it is parsed; a mapping in a list is two. */
export const DEEPEST_YAML = 48;
/** Some five microseconds each; a plan of 5,000 tasks has half a million. */
const MOST_TOKENS = 700_000;
/** Aliases repeat values; a plan has little to repeat, and a few dozen levels of them fill a memory. */
export const MOST_ALIASES = 100;

const fixes: Record<string, string> = {
  TAB_AS_INDENT: 'Indent with spaces instead of tabs.',
  BAD_INDENT: 'Give entries of one list or mapping the same indentation.',
  MULTIPLE_DOCS: 'Keep one document; remove the second "---".',
  BLOCK_AS_IMPLICIT_KEY: 'Put a text that contains ": " in quotes.',
  MULTILINE_IMPLICIT_KEY: 'Put a text that goes over several lines in quotes, or write it after "|".',
  MISSING_CHAR: 'Close the quotes or brackets.',
  UNEXPECTED_TOKEN: 'Check the indentation, and put texts with special characters in quotes.',
};

export function readYaml(text: string): Structure {
  const counter = new LineCounter();
  const document = composed(text, counter);
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = counter.linePos(Math.min(error.pos[0], text.length));
    const fix =
      fixes[error.code] ?? 'Check the indentation, and put texts that contain ": " or "#" in quotes.';
    throw refuse(
      `The YAML does not parse: line ${Math.max(1, line)}, column ${Math.max(1, col)}: ` +
        `${firstLine(error.message)}. ${fix}`,
    );
  }
  return {
    value: valueOf(document),
    duplicates: duplicatesIn(document, counter),
    lineOf(path) {
      for (let length = path.length; length >= 0; length -= 1) {
        const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
        if (isNode(node) && node.range) return Math.max(1, counter.linePos(node.range[0]).line);
      }
      return 1;
    },
  };
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/[.:\s]+$/, '');
}

function composed(text: string, counter: LineCounter): Document.Parsed {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    strict: true,
  });
  const [document, second] = [...composer.compose(tokensOf(text, counter), true, text.length)];
  if (document === undefined) throw refuse('The YAML document is empty.');
  if (second !== undefined) {
    throw refuse(
      `Line ${lineAt(counter, second.range[0])}: a second YAML document begins here. Keep one of them.`,
    );
  }
  return document;
}

/** Lexes and parses step by step, so that what would fill the memory or overflow a stack stops it at once. */
function tokensOf(text: string, counter: LineCounter): CST.Token[] {
  const parser = new Parser(counter.addNewLine);
  counter.addNewLine(0);
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const source of new Lexer().lex(text)) {
    for (const token of parser.next(source)) tokens.push(token);
    count += 1;
    if (parser.stack.length > DEEPEST_YAML) {
      throw refuse(`Line ${lineAt(counter, parser.offset)}: values are nested too deep. Flatten them.`);
    }
    if (count > MOST_TOKENS) {
      throw refuse(
        `Line ${lineAt(counter, parser.offset)}: up to here the document has more values than can be ` +
          'read at once. Split it, or send the plan as JSON.',
      );
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

function lineAt(counter: LineCounter, offset: number): number {
  return Math.max(1, counter.linePos(offset).line);
}

/** A loop over nodes; the library's own check compares each key with each other. */
function duplicatesIn(document: Document.Parsed, counter: LineCounter): Structure['duplicates'] {
  const duplicates: Structure['duplicates'] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value))
          duplicates.push({ key: String(key.value), line: lineAt(counter, key.range?.[0] ?? 0) });
        seen.add(key.value);
      }
    },
  });
  return duplicates;
}

function valueOf(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    const what =
      cause instanceof ReferenceError && /alias/i.test(cause.message)
        ? 'aliases repeat too much'
        : 'an alias names nothing';
    throw refuse(`The YAML cannot be read: ${what}. Write the values out instead of "*name".`);
  }
}
