import assert from "node:assert/strict";
import { test } from "node:test";

import { pace } from "./pace.ts";

test("a run that has read a third needs twice the time that it took", () => {
  assert.deepEqual(pace(100, 300, 10), { rate: 10, left: 20 });
});

test("nobody can tell how long a run takes whose total the PMS does not say", () => {
  assert.deepEqual(pace(100, null, 10), { rate: 10, left: null });
});

test("a run that only just began, or reads more than the PMS said, promises nothing", () => {
  assert.deepEqual(pace(0, 300, 0), { rate: 0, left: null });
  assert.deepEqual(pace(301, 300, 10), { rate: 30.1, left: null });
});
