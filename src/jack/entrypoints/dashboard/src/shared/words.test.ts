import assert from "node:assert/strict";
import { test } from "node:test";

import { country, deliveryStatus, language, plain, sentence } from "./words.ts";

test("a word that is not known is shown as it came", () => {
  assert.deepEqual(deliveryStatus("held_back"), { text: "Held back", tone: "plain" });
  assert.equal(language("not a tag"), "not a tag");
  assert.equal(country("somewhere"), "somewhere");
});

test("names of fields become words", () => {
  assert.equal(plain("stay.room_number"), "Stay room number");
  assert.equal(language("pt-BR"), "Brazilian Portuguese");
  assert.equal(country("pt"), "Portugal");
});

test("a reason becomes a sentence", () => {
  assert.equal(sentence("the guest asked for people"), "The guest asked for people.");
  assert.equal(sentence("Please look!"), "Please look!");
});
