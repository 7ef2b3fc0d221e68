import { describe, expect, it } from "vitest";
import type { DeviceChange } from "../../api/types.ts";
import { lines, title } from "./change.ts";

const people = { u1: "ana", u2: "bo" };

function change(type: string, fields: Record<string, unknown>): DeviceChange {
  return { seq: 1, at: "2026-01-01T00:00:00.000Z", type, actorType: "admin", actor: null, fields };
}

describe("a change of a device", () => {
  it("says of each attribute what it was and is, people by name", () => {
    const update = change("system_update", {
      "fde.active": { from: false, to: true },
      "attributes.site": { from: "Bern", to: null },
      primarySystemUser: { from: "u1", to: "u2" },
      sshdParams: { from: [], to: [{}, {}] },
    });
    expect(title(update, people)).toBe("Device changed");
    expect(lines(update, people)).toEqual([
      { what: "disk encryption", from: "no", to: "yes" },
      { what: "attribute site", from: "Bern", to: undefined },
      { what: "owner", from: "ana", to: "bo" },
      { what: "sshd params", from: "0 entries", to: "2 entries" },
    ]);
  });

  it("says who was bound and what they may do", () => {
    const sudo = (enabled: boolean, withoutPassword: boolean) => ({ sudo: { enabled, withoutPassword } });
    const edge = (op: string, attributes?: object) =>
      change("association_change", { op, type: "user", id: "u1", attributes });
    expect(title(edge("add"), people)).toBe("ana bound");
    expect(lines(edge("add", sudo(false, true)), people)).toEqual([{ what: "permission", to: "no sudo" }]);
    expect(lines(edge("update", sudo(true, true)), people)).toEqual([
      { what: "permission", to: "sudo without a password" },
    ]);
    expect(title(edge("remove"), people)).toBe("ana unbound");
    expect(lines(edge("remove"), people)).toEqual([]);
    expect(title(change("association_change", { op: "remove", id: "gone" }), people)).toBe("gone unbound");
  });

  it("says with what a device came", () => {
    const made = change("system_create", { displayName: "desk", serialNumber: null });
    expect(lines(made, people)).toEqual([{ what: "name", to: "desk" }]);
  });
});
