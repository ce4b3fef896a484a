import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { ask } from "./client.ts";
import { Problem } from "./problem.ts";
import { SESSION } from "./query-client.ts";
import type { StaffMember } from "./types.ts";

/** Who is signed in; null means nobody. */
export function useSession() {
  return useQuery<StaffMember | null>({
    queryKey: SESSION,
    queryFn: async ({ signal }) => {
      try {
        return await ask("get", "/api/v1/session", { signal });
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: Infinity,
  });
}

/** Sign in; on success the rest of the dashboard opens where it was. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; password: string }) => ask("post", "/api/v1/session", { body }),
    onSuccess: (member) => {
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION[0] }); // another's sight may differ
      client.setQueryData(SESSION, member);
    },
  });
}

/** Sign out; what was shown is forgotten. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask("delete", "/api/v1/session", {}),
    onSuccess: () => {
      client.setQueryData(SESSION, null);
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION[0] });
    },
  });
}
