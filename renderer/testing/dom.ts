// What jsdom lacks and Mantine and the virtual list ask for. Imported by tests before they render.
import { configure } from '@testing-library/react';

// A busy machine draws late; a test waits for what it expects, and fails only when it never comes.
configure({ asyncUtilTimeout: 20_000 });
class Observer {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

Object.defineProperty(window, 'matchMedia', {
  writable: true,
  value: (media: string) => ({
    matches: false,
    media,
    onchange: null,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    dispatchEvent: () => false,
  }),
});
window.ResizeObserver = Observer;
/** What is fetched ahead while nothing else is to be done: a test waits for what it needs. */
window.requestIdleCallback = () => 0;
window.cancelIdleCallback = () => undefined;
/** jsdom lays nothing out; the virtual list draws as many rows as fit this. */
Object.defineProperties(window.HTMLElement.prototype, {
  clientWidth: { configurable: true, value: 1024 },
  clientHeight: { configurable: true, value: 640 },
});
window.HTMLElement.prototype.scrollIntoView = () => undefined;
window.HTMLElement.prototype.scrollTo = () => undefined;
/** A textarea that grows listens for fonts. */
if (!('fonts' in document)) Object.defineProperty(document, 'fonts', { configurable: true, value: new EventTarget() });
