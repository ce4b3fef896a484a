import { SyncIcon } from "../../shared/icons.tsx";
import room from "../../shared/room.module.css";
import { Empty } from "../../shared/states.tsx";
import { useTitle } from "../../shared/use-title.ts";
import { useHouse } from "../../shell/house.tsx";
import { HotelSync } from "./hotel-sync.tsx";

/** How Jack's copy of each hotel is kept equal to its PMS. */
export function SyncRoom() {
  useTitle("Sync");
  const { hotels, hotelId } = useHouse();
  const shown = hotels.filter((hotel) => hotelId === undefined || hotel.id === hotelId);
  return (
    <div className={room["room"]}>
      <h1>Sync</h1>
      {shown.length === 0 && (
        <Empty icon={<SyncIcon size={32} />} title="No hotels">
          This account works for no hotel of this Jack.
        </Empty>
      )}
      {shown.map((hotel) => (
        <HotelSync key={hotel.id} hotel={hotel} />
      ))}
    </div>
  );
}
