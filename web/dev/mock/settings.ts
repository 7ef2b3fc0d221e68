import { found, invalid, on, orgOf, reply } from "./routes.ts";
import { ago, newId, orgs } from "./store.ts";

const provider = newId();
const admin = {
  id: newId(),
  email: "admin@acme.example",
  firstname: "Maren",
  lastname: "Holt",
  roleName: "Administrator",
  apiKeySet: false,
  provider,
};
const admins = [
  { ...admin, _id: admin.id, suspended: false, created: ago(9_000_000) },
  {
    _id: newId(),
    email: "ops@acme.example",
    firstname: "",
    lastname: "",
    roleName: "Administrator",
    apiKeySet: true,
    suspended: false,
    created: ago(90_000),
  },
];
const ref = (org: (typeof orgs)[number]) => ({
  id: org.id,
  displayName: org.displayName,
  slug: org.slug,
  logoUrl: null,
});

on("GET", "/api/v2/session", () => ({
  admin,
  organizations: orgs.map(ref),
  publicUrl: "http://127.0.0.1:8000",
  version: "0.1.0",
  dev: true,
  mailConfigured: false,
}));
on("DELETE", "/api/v2/session", () => reply(204, undefined));

on("GET", "/api/organizations/:id", (call) => {
  const org = orgOf(call);
  return { ...ref(org), _id: org.id, provider, settings: org.settings, created: ago(9_000_000) };
});
on("PUT", "/api/organizations/:id", (call) => {
  const org = orgOf(call);
  if (call.body.displayName) org.displayName = call.body.displayName;
  Object.assign(org.settings, call.body.settings ?? {});
  return { ...ref(org), _id: org.id, provider, settings: org.settings };
});
on("POST", "/api/v2/organizations/:id/logo", () => reply(204, undefined));
on("DELETE", "/api/v2/organizations/:id/logo", () => reply(204, undefined));

on("GET", "/api/v2/providers/:id/organizations", () => ({
  results: orgs.map((org) => ({ ...ref(org), name: org.displayName })),
  totalCount: orgs.length,
}));
on("POST", "/api/v2/providers/:id/organizations", (call) => {
  const name: string = call.body.name;
  if (orgs.some((org) => org.displayName === name)) invalid("name", "An organization has this name already.");
  const model = found(orgs.at(-1));
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const org = { ...structuredClone(model), id: newId(), displayName: name, slug };
  orgs.push(org);
  return reply(201, { id: org.id, name, slug });
});

on("GET", "/api/users", () => ({ results: admins, totalCount: admins.length }));
on("POST", "/api/users", (call) => {
  if (admins.some((one) => one.email === call.body.email)) invalid("email", "This e-mail is an administrator already.");
  const made = { _id: newId(), apiKeySet: false, suspended: false, created: ago(0), ...call.body };
  admins.push(made);
  return { ...made, activationLink: `http://127.0.0.1:8000/activate?token=${newId()}` };
});
on("DELETE", "/api/users/:id", (call) => {
  admins.splice(
    admins.findIndex((one) => one._id === call.params[0]),
    1,
  );
  return {};
});
on("POST", "/api/v2/administrators/me/apikey", () => {
  admin.apiKeySet = true;
  return reply(201, { apiKey: `jca_${newId()}${newId()}`, prefix: "jca_6740", createdAt: ago(0) });
});
on("DELETE", "/api/v2/administrators/me/apikey", () => {
  admin.apiKeySet = false;
  return reply(204, undefined);
});

const keys = [
  { kid: "rs-2024-11-a8f3", alg: "RS256", state: "active", createdAt: ago(5_000_000), lastUsedAt: ago(120) },
  { kid: "es-2024-11-c02b", alg: "ES256", state: "active", createdAt: ago(5_000_000), lastUsedAt: null },
];
on("GET", "/api/v2/keys", () => keys);
on("POST", "/api/v2/keys/rotate", (call) => {
  for (const key of keys) if (key.alg === call.body.alg && key.state === "active") key.state = "retiring";
  const made = {
    kid: `new-${newId().slice(-4)}`,
    alg: call.body.alg,
    state: "active",
    createdAt: ago(0),
    lastUsedAt: null,
  };
  keys.unshift(made);
  return reply(201, made);
});

// ---- portal

const me = {
  user: {
    username: "ana.almeida",
    email: "ana.almeida@acme.example",
    firstname: "Ana",
    lastname: "Almeida",
    displayname: "Ana Almeida",
  },
  passwordAuthority: "None",
  canChangePassword: true,
  canEditProfile: true,
};
on("GET", "/api/v2/me", (call) => {
  const org = found(orgs.find((one) => one.slug === call.query.get("org") || one.id === call.org));
  const federated = org.slug === "globex";
  return {
    ...me,
    organization: ref(org),
    passwordAuthority: federated ? "Federated Identity Provider" : "None",
    canChangePassword: !federated,
  };
});
on("PUT", "/api/v2/me", (call) => {
  Object.assign(me.user, call.body);
  return { ...me, organization: ref(orgOf(call)) };
});
on("GET", "/api/v2/me/applications", (call) =>
  orgOf(call)
    .applications.filter((app) => app.active)
    .map((app) => ({
      id: app._id,
      displayLabel: app.displayLabel,
      description: app.description,
      logoUrl: app.logo?.url ?? null,
      url: "https://wiki.acme.example/login",
    })),
);
on("GET", "/api/v2/me/sessions", () => [
  {
    id: newId(),
    createdAt: ago(4000),
    lastSeenAt: ago(3),
    clientIp: "203.0.113.20",
    userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/129.0 Safari/537.36",
    authMethod: "password",
    identityProvider: null,
    current: true,
  },
  {
    id: newId(),
    createdAt: ago(90000),
    lastSeenAt: ago(50000),
    clientIp: "198.51.100.7",
    userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17 Safari/604",
    authMethod: "password",
    identityProvider: null,
  },
]);
on("DELETE", "/api/v2/me/sessions/:id", () => reply(204, undefined));
on("POST", "/api/v2/me/password", (call) => {
  if (call.body.currentPassword === "wrong") invalid("currentPassword", "This is not your current password.");
  return reply(204, undefined);
});
on("DELETE", "/api/v2/me/session", () => reply(204, undefined));
