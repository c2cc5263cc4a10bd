// Markdown that agents wrote. No raw HTML, no link that opens by itself.
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { CodeBlock } from './output.tsx';
import styles from './parts.module.css';

const plugins = [remarkGfm];
/** Agents write these texts: links show where they lead and do not lead there, pictures are not fetched. */
const components: Components = {
  a: ({ href, children }) => (
    <span className={styles.link} title={href}>
      {children}
    </span>
  ),
  img: ({ alt, src }) => <span className="mono">[picture: {alt || String(src ?? '')}]</span>,
  // A box of a list of tasks is no control here: it is read, not ticked.
  input: ({ checked }) => <span role="img" aria-label={checked ? 'Done:' : 'Open:'}>{checked ? '☑' : '☐'}</span>,
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
};

export function MarkdownView({ text }: { text: string }) {
  return (
    <div className={styles.markdown}>
      <ReactMarkdown remarkPlugins={plugins} components={components} skipHtml>
        {text}
      </ReactMarkdown>
    </div>
  );
}
