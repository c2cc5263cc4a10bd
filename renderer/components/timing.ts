// Marks what the browser itself notes the painting of, under a name (Element Timing): `npm run bench -- start` reads it.

/** Attributes for the element that holds the text. Nothing is measured or kept but the time of its first frame. */
export const timedAs = (name: 'rows'): object => ({ elementtiming: name });
