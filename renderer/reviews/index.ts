// Security reviews: what other rooms may use.
export { ReviewCard } from './ReviewCard.tsx';
export { ReviewsScreen } from './ReviewsScreen.tsx';
