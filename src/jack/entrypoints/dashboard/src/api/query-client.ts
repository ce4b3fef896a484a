import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

import { Problem } from "./problem.ts";

/** The key of who is signed in; null there means nobody. */
export const SESSION = ["session"] as const;

const TRIES = 2;

/** The cache of everything asked. Whatever answers "not signed in" leads to the sign-in, on the page where one was. */
export function makeQueryClient(): QueryClient {
  const signedOut = (error: Error) => {
    if (error instanceof Problem && error.status === 401) client.setQueryData(SESSION, null);
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: signedOut }),
    mutationCache: new MutationCache({ onError: signedOut }),
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        retry: (count, error) => count < TRIES && Problem.from(error).passes,
        // a machine without the internet still reaches a Jack in its own network
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
  return client;
}
