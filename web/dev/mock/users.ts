import type { User } from "../../src/api/types.ts";
import { cut, found, invalid, on, orgOf, reply } from "./routes.ts";
import { ago, events, newId, newUser, type Org, refreshed } from "./store.ts";

const link = (kind: string) => `http://127.0.0.1:8000/${kind}?token=${newId()}${newId()}`;
const person = (org: Org, id: string | undefined) => found(org.users.find((one) => one._id === id));

function fits(user: User, filter: string): boolean {
  const [field = "", , value] = filter.split(":");
  const seen: Record<string, string> = {
    state: user.state,
    passwordStatus: user.passwordStatus,
    activated: String(user.activated),
    account_locked: String(user.account_locked),
    password_expired: String(user.password_expired),
    externally_managed: String(user.restrictedFields.length > 0),
  };
  return seen[field] === value;
}

on("GET", "/api/systemusers", (call) => {
  const search = (call.query.get("search") ?? "").toLowerCase();
  const filters = [...call.query].filter(([name]) => name.startsWith("filter")).map(([, value]) => value);
  const all = orgOf(call).users.filter(
    (user) =>
      `${user.username} ${user.email} ${user.displayname}`.toLowerCase().includes(search) &&
      filters.every((filter) => fits(user, filter)),
  );
  return { results: cut(call, all), totalCount: all.length };
});

on("POST", "/api/systemusers", (call) => {
  const org = orgOf(call);
  if (org.users.some((one) => one.email === call.body.email)) invalid("email", "Another user has this e-mail already.");
  const user = newUser({ ...call.body });
  org.users.push(user);
  const all = org.groups[0];
  if (all) org.members[all.id]?.push(user._id);
  return { ...user, ...(user.state === "ACTIVATED" ? { activationLink: link("activate") } : {}), warnings: [] };
});

on("GET", "/api/systemusers/:id", (call) => {
  const org = orgOf(call);
  const user = person(org, call.params[0]);
  const federated = user.restrictedFields.length > 0;
  const warnings =
    federated && org.policies.length === 0
      ? ["Their password authority is federated, but no routing policy sends them to a provider: they cannot sign in."]
      : [];
  return { ...user, warnings };
});

on("PUT", "/api/systemusers/:id", (call) => {
  const user = person(orgOf(call), call.params[0]);
  Object.assign(user, call.body);
  return refreshed(user);
});

on("DELETE", "/api/systemusers/:id", (call) => {
  const org = orgOf(call);
  org.users = org.users.filter((one) => one._id !== call.params[0]);
  return {};
});

function act(path: string, change: (user: User) => unknown): void {
  on("POST", `/api/systemusers/:id/${path}`, (call) => {
    const user = person(orgOf(call), call.params[0]);
    const result = change(user);
    refreshed(user);
    return result ?? {};
  });
}

act("unlock", (user) => {
  user.account_locked = false;
});
act("expire", (user) => {
  user.password_expired = true;
});
act("state/suspend", (user) => {
  user.state = "SUSPENDED";
});
act("state/activate", (user) => {
  user.state = "ACTIVATED";
  return user.activated ? {} : { activationLink: link("activate") };
});
on("POST", "/api/systemusers/:id/password", (call) => {
  const user = person(orgOf(call), call.params[0]);
  if (call.body.password.length < 12)
    invalid("password", "Use at least 12 characters. Several words make a strong one.");
  user.activated = true;
  user.password_expired = false;
  refreshed(user);
  return {};
});
on("POST", "/api/v2/users/:id/activation", () => ({ sent: false, link: link("activate") }));
on("POST", "/api/v2/users/:id/passwordreset", () => ({ sent: false, link: link("reset") }));

on("GET", "/api/v2/users/:id/usergroups", (call) => {
  const org = orgOf(call);
  return org.groups
    .filter((group) => org.members[group.id]?.includes(call.params[0] ?? ""))
    .map((group) => ({
      id: group.id,
      name: group.name,
      via: group.membershipMethod === "STATIC" ? "direct" : "rule",
      since: ago(86400 * 2),
    }));
});

on("GET", "/api/v2/users/:id/applications", (call) => {
  const org = orgOf(call);
  const mine = org.bindings.filter((edge) => org.members[edge.group]?.includes(call.params[0] ?? ""));
  return mine.map((edge) => ({
    id: edge.application,
    type: "application",
    paths: [[{ to: { id: edge.group, type: "user_group" } }, { to: { id: edge.application, type: "application" } }]],
  }));
});

on("GET", "/api/v2/users/:id/sessions", () => [
  {
    id: newId(),
    createdAt: ago(7200),
    lastSeenAt: ago(60),
    clientIp: "203.0.113.20",
    userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/129.0 Safari/537.36",
    authMethod: "password",
    identityProvider: null,
  },
  {
    id: newId(),
    createdAt: ago(400000),
    lastSeenAt: ago(90000),
    clientIp: "198.51.100.7",
    userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17 Safari/604",
    authMethod: "federated",
    identityProvider: "Primary organization",
  },
]);
on("DELETE", "/api/v2/users/:id/sessions", () => reply(204, undefined));
on("DELETE", "/api/v2/users/:id/sessions/:sid", () => reply(204, undefined));
on("GET", "/api/v2/users/:id/events", (call) => ({
  results: call.params[0] === orgOf(call).users[3]?._id ? [] : events,
  cursor: null,
}));
