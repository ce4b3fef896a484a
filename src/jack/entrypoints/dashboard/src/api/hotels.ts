import { useQuery } from "@tanstack/react-query";

import { ask } from "./client.ts";

/** The hotels that the signed-in staff member works for. */
export function useHotels() {
  return useQuery({
    queryKey: ["hotels"],
    queryFn: ({ signal }) => ask("get", "/api/v1/hotels", { signal }),
    select: (page) => page.items,
    refetchInterval: 5 * 60_000, // a hotel's today changes at its midnight
  });
}
