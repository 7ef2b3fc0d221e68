import type { Condition, Exemption, Filter, User, UserGroup } from "../../src/api/types.ts";
import { cut, found, invalid, on, orgOf, reply } from "./routes.ts";
import { addGroup, ago, type Org } from "./store.ts";

const columns: Record<string, { label: string; of: (user: User) => string; values?: string[] }> = {
  "user.email": { label: "Company Email", of: (user) => user.email },
  "user.username": { label: "Username", of: (user) => user.username },
  "user.user_department": { label: "Department", of: (user) => user.department },
  "user.user_job_title": { label: "Job Title", of: (user) => user.jobTitle },
  "user.user_location": { label: "Location", of: (user) => user.location },
  "user.user_company": { label: "Company", of: (user) => user.company },
  "user.user_state": { label: "User State", of: (user) => user.state, values: ["STAGED", "ACTIVATED", "SUSPENDED"] },
};

const operators = [
  { name: "equals", label: "equals", value: "one" },
  { name: "not_equals", label: "not equals", value: "one" },
  { name: "in", label: "in", value: "list" },
  { name: "not_in", label: "not in", value: "list" },
  { name: "contains", label: "contains", value: "one" },
  { name: "not_contains", label: "does not contain", value: "one" },
  { name: "starts_with", label: "starts with", value: "one" },
  { name: "ends_with", label: "ends with", value: "one" },
  { name: "is_empty", label: "is empty", value: "none" },
];

function holds(user: User, condition: Condition): boolean {
  const column = columns[condition.field];
  const custom = user.attributes.find((one) => `user.attributes.${one.name}` === condition.field)?.value ?? "";
  const seen = (column ? column.of(user) : custom).toLowerCase();
  const { value } = condition;
  const one = typeof value === "string" ? value.toLowerCase() : "";
  const many = Array.isArray(value) ? value.map((item) => item.toLowerCase()) : [];
  const answers: Record<string, boolean> = {
    equals: seen === one,
    not_equals: seen !== one,
    in: many.includes(seen),
    not_in: !many.includes(seen),
    contains: seen.includes(one),
    not_contains: !seen.includes(one),
    starts_with: seen.startsWith(one),
    ends_with: seen.endsWith(one),
    is_empty: seen === "",
  };
  return answers[condition.operation] ?? false;
}

function meets(user: User, filter: Filter): boolean {
  if (!("filters" in filter)) return holds(user, filter);
  const parts = filter.filters.map((part) => meets(user, part));
  return filter.operation === "or" ? parts.some(Boolean) : parts.every(Boolean);
}

function decide(org: Org, group: Partial<UserGroup>, before: string[]): string[] {
  const exempt = new Map<string, Exemption["mode"]>(
    (group.memberQueryExemptions ?? []).map((one) => [one.id, one.mode]),
  );
  return org.users
    .filter((user) => {
      const mode = exempt.get(user._id);
      if (mode === "in") return true;
      if (mode === "out") return false;
      if (mode === "keep") return before.includes(user._id);
      return (group.memberQuery?.filters ?? []).every((filter) => meets(user, filter));
    })
    .map((user) => user._id);
}

const one = (org: Org, id: string | undefined) => found(org.groups.find((group) => group.id === id));
const counted = (org: Org, group: UserGroup) => ({ ...group, memberCount: org.members[group.id]?.length ?? 0 });

on("GET", "/api/v2/usergroups", (call) => {
  const org = orgOf(call);
  const filters = call.query.getAll("filter");
  const name =
    filters
      .find((filter) => filter.startsWith("name:search:"))
      ?.slice(12)
      .toLowerCase() ?? "";
  const method = filters.find((filter) => filter.startsWith("membershipMethod:eq:"))?.slice(20);
  const all = org.groups
    .filter((group) => group.name.toLowerCase().includes(name) && (!method || group.membershipMethod === method))
    .sort((a, b) => a.name.localeCompare(b.name));
  const page = cut(call, all).map((group) => counted(org, group));
  return reply(200, page, { "x-total-count": String(all.length) });
});

on("GET", "/api/v2/usergroups/attributes", (call) => {
  const custom = new Set(orgOf(call).users.flatMap((user) => user.attributes.map((attribute) => attribute.name)));
  const names = operators.map((operator) => operator.name);
  return {
    attributes: [
      ...Object.entries(columns).map(([name, { label, values }]) => ({
        name,
        label,
        custom: false,
        type: "string",
        operators: values ? ["equals", "not_equals", "in", "not_in"] : names,
        values,
      })),
      ...[...custom].map((name) => ({
        name: `user.attributes.${name}`,
        label: name,
        custom: true,
        type: "string",
        operators: names,
      })),
    ],
    operators,
  };
});

on("POST", "/api/v2/usergroups/preview", (call) => {
  const org = orgOf(call);
  const before = org.members[call.body.groupId] ?? [];
  const after = decide(org, call.body, before);
  const leaving = before.filter((id) => !after.includes(id));
  const joins = after.filter((id) => !before.includes(id));
  const entry = (id: string, change: string) => {
    const user = org.users.find((person) => person._id === id);
    return { id, username: user?.username, email: user?.email, displayname: user?.displayname, change };
  };
  return {
    totalCount: after.length,
    joins: joins.length,
    leaves: leaving.length,
    stays: after.length - joins.length,
    members: [
      ...joins.map((id) => entry(id, "joins")),
      ...leaving.map((id) => entry(id, "leaves")),
      ...after.filter((id) => before.includes(id)).map((id) => entry(id, "stays")),
    ].slice(0, 50),
    problems: [],
  };
});

on("POST", "/api/v2/usergroups", (call) => {
  const org = orgOf(call);
  if (org.groups.some((group) => group.name === call.body.name)) invalid("name", "A group has this name already.");
  const group = addGroup(org, call.body, []);
  if (group.membershipMethod !== "STATIC") org.members[group.id] = decide(org, group, []);
  return reply(201, counted(org, group));
});
on("GET", "/api/v2/usergroups/:id", (call) => counted(orgOf(call), one(orgOf(call), call.params[0])));
on("PUT", "/api/v2/usergroups/:id", (call) => {
  const org = orgOf(call);
  const group = Object.assign(one(org, call.params[0]), call.body);
  if (group.membershipMethod !== "STATIC") org.members[group.id] = decide(org, group, org.members[group.id] ?? []);
  return counted(org, group);
});
on("DELETE", "/api/v2/usergroups/:id", (call) => {
  const org = orgOf(call);
  org.groups = org.groups.filter((group) => group.id !== call.params[0]);
  return reply(204, undefined);
});
on("POST", "/api/v2/usergroups/:id/members", (call) => {
  const org = orgOf(call);
  const members = found(org.members[call.params[0] ?? ""]);
  if (call.body.op === "add") members.push(call.body.id);
  else members.splice(members.indexOf(call.body.id), 1);
  return reply(204, undefined);
});
on("GET", "/api/v2/usergroups/:id/memberlist", (call) => {
  const org = orgOf(call);
  const group = one(org, call.params[0]);
  const search = (call.query.get("search") ?? "").toLowerCase();
  const ids = org.members[group.id] ?? [];
  const all = org.users.filter((user) => ids.includes(user._id) && user.email.includes(search));
  return {
    results: cut(call, all).map((user) => ({
      id: user._id,
      username: user.username,
      email: user.email,
      displayname: user.displayname,
      via: group.membershipMethod === "STATIC" ? "direct" : "rule",
      since: ago(5000),
    })),
    totalCount: all.length,
  };
});
on("GET", "/api/v2/usergroups/:id/associations", (call) =>
  orgOf(call)
    .bindings.filter((edge) => edge.group === call.params[0])
    .map((edge) => ({ to: { id: edge.application, type: "application" } })),
);
