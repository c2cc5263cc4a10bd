// Whether the page before this one in the same window went down instead of being left.
const MARK = 'page is up';

/** Asked once, when the page begins. A page that is left takes its mark away; one that crashes cannot. */
export function wentDown(): boolean {
  const crashed = sessionStorage.getItem(MARK) !== null;
  sessionStorage.setItem(MARK, '1');
  window.addEventListener('pagehide', () => sessionStorage.removeItem(MARK));
  return crashed;
}
