import type { GroupKind } from "../../api/groups.ts";

/** The words and places of user groups and of device groups. */
export const kinds = {
  user: {
    title: "User Groups",
    one: "user group",
    member: "User",
    members: "Users",
    people: "People",
    count: (count: number) => (count === 1 ? "1 person" : `${count.toLocaleString()} people`),
    list: "/console/$slug/user-groups",
    details: "/console/$slug/user-groups/$groupId",
    type: "USER",
  },
  device: {
    title: "Device Groups",
    one: "device group",
    member: "Device",
    members: "Devices",
    people: "Devices",
    count: (count: number) => (count === 1 ? "1 device" : `${count.toLocaleString()} devices`),
    list: "/console/$slug/device-groups",
    details: "/console/$slug/device-groups/$groupId",
    type: "SYSTEM",
  },
} as const satisfies Record<GroupKind, unknown>;

export const methodWords: Record<string, { label: string; tone: "info" | "muted" }> = {
  STATIC: { label: "Static", tone: "muted" },
  DYNAMIC_AUTOMATED: { label: "Dynamic", tone: "info" },
  DYNAMIC_REVIEW_REQUIRED: { label: "Dynamic, reviewed", tone: "info" },
};
