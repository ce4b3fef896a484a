import { Redirect, Route, Switch } from "wouter";

import { useHotels } from "./api/hotels.ts";
import { useSession } from "./api/session.ts";
import type { StaffMember } from "./api/types.ts";
import { ConversationsRoom } from "./rooms/conversations/conversations-room.tsx";
import { GuestRoom } from "./rooms/guests/guest-room.tsx";
import { GuestsRoom } from "./rooms/guests/guests-room.tsx";
import { ReservationsRoom } from "./rooms/reservations/reservations-room.tsx";
import { SyncRoom } from "./rooms/sync/sync-room.tsx";
import { ProblemNotice } from "./shared/notice.tsx";
import { Empty, Loading } from "./shared/states.tsx";
import { Frame } from "./shell/frame.tsx";
import { House } from "./shell/house.tsx";
import { SignIn } from "./sign-in/sign-in.tsx";

/** The dashboard: what staff see of Jack. Whoever is not signed in signs in on the very page they asked for. */
export function App() {
  const session = useSession();
  if (session.isPending) return <Loading what="Jack" />;
  if (session.data) return <Inside member={session.data} />;
  return <SignIn trouble={session.error} />;
}

function Inside({ member }: { member: StaffMember }) {
  const hotels = useHotels();
  if (hotels.isPending) return <Loading what="the hotels" />;
  if (!hotels.data) return <ProblemNotice error={hotels.error} retry={() => void hotels.refetch()} />;
  return (
    <House member={member} hotels={hotels.data}>
      <Frame>
        <Switch>
          <Route path="/">
            <Redirect to="/conversations" replace />
          </Route>
          <Route path="/conversations/:id?">{({ id }) => <ConversationsRoom id={id} />}</Route>
          <Route path="/reservations">
            <ReservationsRoom />
          </Route>
          <Route path="/guests">
            <GuestsRoom />
          </Route>
          <Route path="/guests/:id">{({ id }) => <GuestRoom id={id} />}</Route>
          <Route path="/sync">
            <SyncRoom />
          </Route>
          <Route>
            <Empty title="There is no such page">The address may be misspelt.</Empty>
          </Route>
        </Switch>
      </Frame>
    </House>
  );
}
