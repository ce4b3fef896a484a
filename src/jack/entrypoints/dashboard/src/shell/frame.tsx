import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";

import { useNeedsAttention } from "../api/conversations.ts";
import { Problem } from "../api/problem.ts";
import { useSignOut } from "../api/session.ts";
import { Button } from "../shared/button.tsx";
import { ConversationsIcon, GuestsIcon, ReservationsIcon, SignOutIcon, SyncIcon } from "../shared/icons.tsx";
import { ProblemNotice } from "../shared/notice.tsx";
import css from "./frame.module.css";
import { HotelSwitch } from "./hotel-switch.tsx";
import { useHouse } from "./house.tsx";
import { Wordmark } from "./wordmark.tsx";

const ROOMS = [
  { path: "/conversations", name: "Conversations", icon: <ConversationsIcon /> },
  { path: "/reservations", name: "Reservations", icon: <ReservationsIcon /> },
  { path: "/guests", name: "Guests", icon: <GuestsIcon /> },
  { path: "/sync", name: "Sync", icon: <SyncIcon /> },
];

/** What stands around every room: the way to the others, the hotel, who is signed in. */
export function Frame({ children }: { children: ReactNode }) {
  const { member } = useHouse();
  const signOut = useSignOut();
  return (
    <div className={css["frame"]}>
      <a className={css["skip"]} href="#room">
        Skip to the content
      </a>
      <header className={css["bar"]}>
        <Wordmark />
        <HotelSwitch />
        <Rooms />
        <div className={css["who"]}>
          <span className={css["name"]} title={member.email}>
            {member.name}
          </span>
          <Button look="quiet" busy={signOut.isPending} onClick={() => signOut.mutate()}>
            <SignOutIcon />
            <span className={css["words"]}>Sign out</span>
          </Button>
        </div>
      </header>
      <main id="room" tabIndex={-1} className={css["room"]}>
        <Unreachable />
        {signOut.error && <ProblemNotice error={signOut.error} />}
        {children}
      </main>
    </div>
  );
}

/** Says once, above every room, that nothing new arrives; the list of conversations is what the page listens by. */
function Unreachable() {
  const { hotelId } = useHouse();
  const { error } = useNeedsAttention(hotelId);
  if (!error || !Problem.from(error).passes) return null;
  return <ProblemNotice error={error}>What you see may be old; this page keeps trying.</ProblemNotice>;
}

function Rooms() {
  const [here] = useLocation();
  return (
    <nav className={css["rooms"]} aria-label="Rooms">
      {ROOMS.map(({ path, name, icon }) => {
        const current = here === path || here.startsWith(`${path}/`);
        return (
          <Link key={path} href={path} className={css["way"]} aria-current={current ? "page" : undefined}>
            {icon}
            <span>{name}</span>
            {path === "/conversations" && <Attention />}
          </Link>
        );
      })}
    </nav>
  );
}

function Attention() {
  const { hotelId } = useHouse();
  const { count, more } = useNeedsAttention(hotelId);
  if (count === 0) return null;
  const shown = more ? `${count}+` : String(count);
  return (
    <span className={css["count"]}>
      {shown}
      <span className="visually-hidden"> need attention</span>
    </span>
  );
}
