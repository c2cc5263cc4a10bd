// Tour: five short steps over the screen as it is; begun by a link, never by itself, and nothing beneath is blocked.
export { Tour } from './Tour.tsx';
