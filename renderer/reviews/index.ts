// Security reviews: what other rooms may use.
export { ReviewsScreen } from './ReviewsScreen.tsx';
