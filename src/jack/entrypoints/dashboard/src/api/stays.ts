import { useQuery } from "@tanstack/react-query";

import { ask } from "./client.ts";
import { usePages } from "./pages.ts";
import type { Guest, Reservation, ReservationStatus } from "./types.ts";

const EVERY = 30_000;

/** Guests by last name; `q` finds names, phones, e-mails and confirmation numbers. */
export function useGuests(hotelId: string | undefined, q: string) {
  return usePages<Guest>({
    key: ["guests", { hotelId, q }],
    read: (cursor, signal) => ask("get", "/api/v1/guests", { query: { hotel_id: hotelId, q, cursor }, signal }),
    every: EVERY,
  });
}

/** One guest; without an id nothing is asked. */
export function useGuest(id: string | null) {
  return useQuery({
    queryKey: ["guests", id],
    queryFn: ({ signal }) => ask("get", "/api/v1/guests/{guest_id}", { path: { guest_id: id ?? "" }, signal }),
    refetchInterval: EVERY,
    enabled: id !== null,
  });
}

/** The stays of a guest, newest arrival first; without an id nothing is asked. */
export function useGuestReservations(id: string | null) {
  return usePages<Reservation>({
    key: ["reservations", { guestId: id }],
    read: (cursor, signal) =>
      ask("get", "/api/v1/guests/{guest_id}/reservations", {
        path: { guest_id: id ?? "" },
        query: { cursor, gone: true },
        signal,
      }),
    every: EVERY,
    enabled: id !== null,
  });
}

/** What reservations to show. `on` is a hotel's date; every part may be empty. */
export interface ReservationFilter {
  hotelId: string | undefined;
  q: string;
  status: ReservationStatus | "";
  on: string;
}

/** Reservations, newest arrival first. */
export function useReservations({ hotelId, q, status, on }: ReservationFilter) {
  return usePages<Reservation>({
    key: ["reservations", { hotelId, q, status, on }],
    read: (cursor, signal) =>
      ask("get", "/api/v1/reservations", {
        query: { hotel_id: hotelId, q, status: status || undefined, on: on || undefined, cursor },
        signal,
      }),
    every: EVERY,
  });
}

/** One reservation; without an id nothing is asked. */
export function useReservation(id: string | null) {
  return useQuery({
    queryKey: ["reservations", id],
    queryFn: ({ signal }) =>
      ask("get", "/api/v1/reservations/{reservation_id}", { path: { reservation_id: id ?? "" }, signal }),
    refetchInterval: EVERY,
    enabled: id !== null,
  });
}
