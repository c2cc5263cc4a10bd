// YAML with lines, bounded before it is composed: depth, aliases and length of what cannot be a plan.
import { Composer, isNode, LineCounter, Parser } from 'yaml';
import type { CST, Document, ParsedNode } from 'yaml';
import { refuse } from './source.ts';
import type { Structure } from './structure.ts';

export const DEEPEST_YAML = 32;
/** Aliases repeat values; a plan has little to repeat, and a few dozen levels of them fill a memory. */
export const MOST_ALIASES = 100;

const fixes: Record<string, string> = {
  TAB_AS_INDENT: 'Indent with spaces instead of tabs.',
  BAD_INDENT: 'Give entries of one list or mapping the same indentation.',
  DUPLICATE_KEY: 'Remove one of the two.',
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
    const { line, col } = counter.linePos(error.pos[0]);
    const fix = fixes[error.code] ?? 'Check the indentation, and put texts that contain ": " or "#" in quotes.';
    throw refuse(`The YAML does not parse: line ${Math.max(1, line)}, column ${Math.max(1, col)}: ${firstLine(error.message)}. ${fix}`);
  }
  return {
    value: valueOf(document),
    duplicates: [],
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

function composed(text: string, counter: LineCounter): Document.Parsed<ParsedNode> {
  const tokens = [...new Parser(counter.addNewLine).parse(text)];
  const deep = tooDeep(tokens);
  if (deep !== null) {
    throw refuse(`Line ${Math.max(1, counter.linePos(deep).line)}: values are nested deeper than ${DEEPEST_YAML} levels. Flatten them.`);
  }
  const composer = new Composer({ version: '1.2', schema: 'core', merge: false, uniqueKeys: true, prettyErrors: false, strict: true });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (document === undefined) throw refuse('The YAML document is empty.');
  if (second !== undefined) {
    throw refuse(`Line ${Math.max(1, counter.linePos(second.range[0]).line)}: a second YAML document begins here. Keep one document; remove the second "---".`);
  }
  return document as Document.Parsed<ParsedNode>;
}

/** The offset of the first token below the deepest level allowed. A loop: what it looks for would overflow a recursion. */
function tooDeep(tokens: readonly CST.Token[]): number | null {
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  while (open.length > 0) {
    const { token, depth } = open.pop()!;
    if (depth > DEEPEST_YAML) return 'offset' in token ? token.offset : 0;
    if (token.type === 'document' && token.value) open.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const item of token.items) {
      if (item.key) open.push({ token: item.key, depth: depth + 1 });
      if (item.value) open.push({ token: item.value, depth: depth + 1 });
    }
  }
  return null;
}

function valueOf(document: Document.Parsed<ParsedNode>): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    const what = cause instanceof ReferenceError && /alias/i.test(cause.message) ? 'aliases repeat too much' : 'an alias names nothing';
    throw refuse(`The YAML cannot be read: ${what}. Write the values out instead of "*name".`);
  }
}
