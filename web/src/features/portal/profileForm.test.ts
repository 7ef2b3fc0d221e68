import { describe, expect, it } from "vitest";
import type { Me } from "../../api/types.ts";
import { draftOf, problemsOf, writeOf } from "./profileForm.ts";

const me = {
  username: "ana",
  email: "ana@acme.example",
  firstname: "Ana",
  lastname: "Okafor",
  displayname: "",
  alternateEmail: "",
  phoneNumbers: [{ type: "work", number: "+234 1 555" }],
  addresses: [],
} as unknown as Me["user"];

describe("a person's own profile", () => {
  it("sends what changed and nothing that they may not write", () => {
    const draft = { ...draftOf(me), displayname: " Ana O. ", addresses: [] };
    expect(writeOf(draft, ["displayname"])).toEqual({ displayname: "Ana O." });
    expect(writeOf({ ...draft, phoneNumbers: [] }, ["phoneNumbers"])).toEqual({ phoneNumbers: [] });
    expect(Object.keys(draftOf(me)).sort()).toEqual(
      // SELF_WRITABLE of crates/directory/src/user/model.rs
      ["addresses", "alternateEmail", "displayname", "firstname", "lastname", "phoneNumbers"],
    );
  });

  it("explains a wrong number and a wrong e-mail at their fields", () => {
    const draft = { ...draftOf(me), alternateEmail: "ana@", phoneNumbers: [{ type: "home", number: "none" }] };
    expect(Object.keys(problemsOf(draft))).toEqual(["alternateEmail", "phoneNumbers[0]"]);
    expect(problemsOf(draftOf(me))).toEqual({});
  });
});
