// @vitest-environment jsdom
// Links of texts that agents wrote: they open outside, say where, and hide no host behind other words.
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import { createFakeBridge } from '../stories/bridge.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { MarkdownView } from './Markdown.tsx';

afterEach(cleanup);

function show(text: string) {
  const bridge = createFakeBridge();
  render(<StoryFrame bridge={bridge}><MarkdownView text={text} /></StoryFrame>);
  return () => bridge.requests.filter(([channel]) => channel === 'outside:open').map(([, argument]) => argument);
}

test('a link opens outside and says its host; a bare address says itself', () => {
  const opened = show('[the run](https://ci.example.com/41) and https://docs.example.com/a.');
  const [run, bare] = screen.getAllByRole('link');
  expect([run?.textContent, bare?.textContent]).toEqual(['the run (ci.example.com)', 'https://docs.example.com/a']);
  expect(fireEvent.click(run!)).toBe(false);
  expect(fireEvent(bare!, new MouseEvent('auxclick', { button: 1, bubbles: true, cancelable: true }))).toBe(false);
  expect(opened()).toEqual([{ address: 'https://ci.example.com/41' }, { address: 'https://docs.example.com/a' }]);
});

test('words that say another address do not hide where it leads', () => {
  show('[https://bank.example](https://elsewhere.example/x)');
  expect(screen.getByRole('link').textContent).toBe('https://bank.example (elsewhere.example)');
});

test('what is no page of the web is no link', () => {
  show('[a](file:///etc/passwd) [b](mailto:a@b.example) [c](/tasks) [d](https://u@a.example/) <script>x</script>');
  expect(screen.queryAllByRole('link')).toEqual([]);
  expect(document.querySelector('script')).toBeNull();
});
