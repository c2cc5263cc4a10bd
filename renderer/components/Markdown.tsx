// Markdown that agents wrote. No raw HTML, no link that opens by itself.
import { Children, type ReactNode } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { readOutside } from '../../shared/outside.ts';
import { OutLink } from './OutLink.tsx';
import { CodeBlock } from './output.tsx';
import styles from './parts.module.css';

const plugins = [remarkGfm];
/**
 * Agents write these texts: a link of the web opens in the browser, and says its host where its words do not; any other
 * shows where it leads and does not lead there. Pictures are not fetched.
 */
const components: Components = {
  a: ({ href = '', children }) => {
    const address = readOutside(href);
    if (address === null) return <span className={styles.link} title={href}>{children}</span>;
    return <OutLink address={address} sayHost={!saysAddress(children, address)}>{children}</OutLink>;
  },
  img: ({ alt, src }) => <span className="mono">[picture: {alt || String(src ?? '')}]</span>,
  // A box of a list of tasks is no control here: it is read, not ticked.
  input: ({ checked }) => <span role="img" aria-label={checked ? 'Done:' : 'Open:'}>{checked ? '☑' : '☐'}</span>,
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
};

/** Whether the words of a link are its address, so that they hide nothing. */
function saysAddress(words: ReactNode, address: string): boolean {
  const parts = Children.toArray(words);
  return parts.every((part) => typeof part === 'string') && readOutside(parts.join('')) === address;
}

export function MarkdownView({ text }: { text: string }) {
  return (
    <div className={styles.markdown}>
      <ReactMarkdown remarkPlugins={plugins} components={components} skipHtml>
        {text}
      </ReactMarkdown>
    </div>
  );
}
