import assert from "node:assert/strict";
import { test } from "node:test";

import { age, clock, date, day, dayName, moment, nights, period, shortly, span } from "./dates.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");

test("a stay date is the same date wherever the screen stands", () => {
  for (const zone of ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Lisbon"]) {
    process.env["TZ"] = zone;
    assert.equal(date("2026-11-22"), "Sun 22 Nov 2026");
    assert.equal(period("2026-11-22", "2026-11-24"), "22 – 24 Nov 2026");
  }
});

test("a period names both months and years where they differ", () => {
  assert.equal(period("2026-11-29", "2026-12-02"), "29 Nov – 2 Dec 2026");
  assert.equal(period("2026-12-30", "2027-01-02"), "30 Dec 2026 – 2 Jan 2027");
  assert.equal(period("2026-11-22", "2026-11-22"), "22 Nov 2026");
});

test("nights are counted across the change of clocks", () => {
  assert.equal(nights("2026-10-24", "2026-10-26"), "2 nights");
  assert.equal(nights("2026-11-22", "2026-11-23"), "1 night");
  assert.equal(nights("2026-11-22", "2026-11-22"), "day use");
});

test("an instant is shown on the hotel's clock and calendar", () => {
  assert.equal(clock("2026-11-22T23:30:00Z", "Asia/Tokyo"), "08:30");
  assert.equal(moment("2026-11-22T23:30:00Z", "Asia/Tokyo"), "Mon 23 Nov 2026, 08:30");
  assert.equal(day("2026-11-22T23:30:00Z", "Asia/Tokyo"), "2026-11-23");
  assert.equal(day("2026-11-22T23:30:00Z", "Europe/Lisbon"), "2026-11-22");
});

test("days are named as people name them", () => {
  assert.equal(dayName("2026-11-22", "2026-11-22"), "Today");
  assert.equal(dayName("2026-11-21", "2026-11-22"), "Yesterday");
  assert.equal(dayName("2026-11-15", "2026-11-22"), "Sunday 15 November");
  assert.equal(dayName("2025-12-31", "2026-11-22"), "Wednesday 31 December 2025");
});

test("a list shows the time of today and the date of older days", () => {
  assert.equal(shortly("2026-11-22T10:05:00Z", NOW, "UTC"), "10:05");
  assert.equal(shortly("2026-11-21T10:05:00Z", NOW, "UTC"), "Yesterday");
  assert.equal(shortly("2026-11-15T10:05:00Z", NOW, "UTC"), "15 Nov");
});

test("ages go both ways and never round up to more than passed", () => {
  assert.equal(age("2026-11-22T11:59:30Z", NOW), "just now");
  assert.equal(age("2026-11-22T11:57:01Z", NOW), "2 minutes ago");
  assert.equal(age("2026-11-22T12:05:00Z", NOW), "in 5 minutes");
  assert.equal(age("2026-11-20T11:00:00Z", NOW), "2 days ago");
  assert.equal(span(0.4), "1 second");
});
