// Makes an API key. Its text is kept by nothing but what shows it, and goes with it.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from './api.ts';

interface NewKey {
  onSuccess?: () => void;
  onError?: (error: unknown) => void;
}
export function useNewKey({ onSuccess, onError }: NewKey = {}) {
  const api = useApi();
  const client = useQueryClient();
  return useMutation(
    api.keys.create.mutationOptions({
      // Answers are kept for minutes otherwise, though nobody looks at them.
      gcTime: 0,
      onSuccess: () => {
        void client.invalidateQueries({ queryKey: api.keys.list.queryKey() });
        onSuccess?.();
      },
      onError: (error) => onError?.(error),
    }),
  );
}
