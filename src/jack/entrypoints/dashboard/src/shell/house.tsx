import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from "react";

import type { Hotel, StaffMember } from "../api/types.ts";

const KEPT = "jack.hotel";

interface HouseValue {
  /** Who is signed in. */
  member: StaffMember;
  /** False for a viewer, who sees everything and changes nothing. */
  mayAct: boolean;
  hotels: readonly Hotel[];
  /** The hotel whose things are shown, undefined for all of them. */
  hotelId: string | undefined;
  choose: (hotelId: string | undefined) => void;
  /** A hotel by its id. */
  hotelOf: (hotelId: string) => Hotel | undefined;
  /** True when lists should say which hotel a row belongs to. */
  namesHotels: boolean;
}

const Context = createContext<HouseValue | null>(null);

/** Who is here and for which hotels. */
export function useHouse(): HouseValue {
  const value = useContext(Context);
  if (value === null) throw new Error("useHouse needs a House around it");
  return value;
}

interface Props {
  member: StaffMember;
  hotels: readonly Hotel[];
  children: ReactNode;
}

/** Keeps who is signed in and which hotel was chosen; the choice outlives the page in this browser. */
export function House({ member, hotels, children }: Props) {
  const [chosen, setChosen] = useState(recall);
  const choose = useCallback((hotelId: string | undefined) => {
    setChosen(hotelId);
    keep(hotelId);
  }, []);
  const value = useMemo<HouseValue>(() => {
    const hotelOf = (id: string) => hotels.find((hotel) => hotel.id === id);
    const hotelId = chosen !== undefined && hotelOf(chosen) ? chosen : undefined;
    const namesHotels = hotels.length > 1 && hotelId === undefined;
    return { member, mayAct: member.role !== "viewer", hotels, hotelId, choose, hotelOf, namesHotels };
  }, [member, hotels, chosen, choose]);
  return <Context value={value}>{children}</Context>;
}

function recall(): string | undefined {
  try {
    return localStorage.getItem(KEPT) ?? undefined;
  } catch {
    return undefined; // a browser that keeps nothing
  }
}

function keep(hotelId: string | undefined) {
  try {
    if (hotelId === undefined) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, hotelId);
  } catch {
    // a browser that keeps nothing
  }
}
