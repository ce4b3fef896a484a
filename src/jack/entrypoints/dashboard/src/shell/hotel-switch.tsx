import { useId } from "react";

import css from "./hotel-switch.module.css";
import { useHouse } from "./house.tsx";

/** Which hotel is shown: its name when there is one, a choice when there are several. */
export function HotelSwitch() {
  const { hotels, hotelId, choose } = useHouse();
  const id = useId();
  const [only] = hotels;
  if (hotels.length <= 1) return <span className={css["name"]}>{only?.name}</span>;
  return (
    <div className={css["switch"]}>
      <label htmlFor={id} className="visually-hidden">
        Hotel
      </label>
      <select
        id={id}
        className={css["select"]}
        value={hotelId ?? ""}
        onChange={(event) => choose(event.target.value || undefined)}
      >
        <option value="">All hotels</option>
        {hotels.map((hotel) => (
          <option key={hotel.id} value={hotel.id}>
            {hotel.name}
          </option>
        ))}
      </select>
    </div>
  );
}
