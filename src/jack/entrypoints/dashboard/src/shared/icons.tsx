import type { ReactNode } from "react";

/** Icons of our own, drawn on a grid of 20; decoration only, the words stand beside them. */
function Icon({ children, size = 20 }: { children: ReactNode; size?: number | undefined }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

interface Size {
  size?: number;
}

/** Two speech bubbles. */
export const ConversationsIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M3 4.5h9.5v7H7L3.5 14.5v-3H3z" />
    <path d="M15 8h2v6.5h-.5V17L13.5 14.5H9" />
  </Icon>
);

/** A bed. */
export const ReservationsIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M2.5 16V5M2.5 13.5h15V16M17.5 13.5V10.5a2 2 0 0 0-2-2H8.5v5" />
    <circle cx="5.5" cy="9.8" r="1.5" />
  </Icon>
);

/** A person. */
export const GuestsIcon = ({ size }: Size) => (
  <Icon size={size}>
    <circle cx="10" cy="6.5" r="3" />
    <path d="M4 17c.4-3.4 2.8-5.3 6-5.3s5.6 1.9 6 5.3" />
  </Icon>
);

/** Two arrows in a circle. */
export const SyncIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M16 8.5A6.2 6.2 0 0 0 4.6 6.8M4 11.5a6.2 6.2 0 0 0 11.4 1.7" />
    <path d="M4.3 3.3v3.7H8M15.7 16.7V13H12" />
  </Icon>
);

/** A door with an arrow out of it. */
export const SignOutIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M8 3.5H4v13h4M12.5 6.5 16 10l-3.5 3.5M16 10H8" />
  </Icon>
);

/** A bell as it stands on a front desk. */
export const BellIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M3 14.5h14M4.5 14.5a5.5 5.5 0 0 1 11 0M10 9V6.5M8.5 6h3" />
  </Icon>
);

/** A magnifying glass. */
export const SearchIcon = ({ size }: Size) => (
  <Icon size={size}>
    <circle cx="8.8" cy="8.8" r="5" />
    <path d="m12.6 12.6 4 4" />
  </Icon>
);

/** An arrow to the left. */
export const BackIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M12 4.5 6.5 10l5.5 5.5" />
  </Icon>
);

/** A cross. */
export const CloseIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="m5 5 10 10M15 5 5 15" />
  </Icon>
);

/** A sheet of paper with lines. */
export const ReceiptIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M5 2.5h10v15l-2.5-1.5L10 17.5 7.5 16 5 17.5zM8 6.5h4M8 9.5h4" />
  </Icon>
);

/** A paper clip. */
export const MediaIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="m13.5 6.5-6 6a1.5 1.5 0 0 0 2.2 2.2l6.3-6.3a3.2 3.2 0 0 0-4.5-4.5L5 10.3a5 5 0 0 0 7 7l4-4" />
  </Icon>
);

/** A star. */
export const StarIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="m10 3 2.1 4.4 4.8.6-3.5 3.3.9 4.8L10 13.8l-4.3 2.3.9-4.8L3.1 8l4.8-.6z" />
  </Icon>
);

/** An exclamation mark in a triangle. */
export const WarningIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M10 3.5 17.5 16.5h-15zM10 8.5v3.5M10 14.3v.1" />
  </Icon>
);
