import { found, on, orgOf, reply } from "./routes.ts";
import { ago, newId, type Org } from "./store.ts";

const one = (org: Org, id: string | undefined) => found(org.providers.find((provider) => provider.id === id));

function routed(org: Org, provider: string): number {
  const groups = org.policies
    .filter((p) => p.enabled && p.identityProviderId === provider)
    .flatMap((p) => p.userGroups);
  return new Set(groups.flatMap((id) => org.members[id] ?? [])).size;
}

on("GET", "/api/v2/identity-providers", (call) => {
  const org = orgOf(call);
  const all = org.providers.map((provider) => ({ ...provider, routedUsers: routed(org, provider.id) }));
  return { identityProviders: all, totalCount: all.length };
});
on("POST", "/api/v2/identity-providers/discover", (call) => ({
  id: newId(),
  issuer: call.body.url,
  redirectUri: "http://127.0.0.1:8000/oauth/callback",
  issParameter: true,
  problems: call.body.url.includes("bad") ? ["The document names another issuer than this URL."] : [],
}));
on("POST", "/api/v2/identity-providers", (call) => {
  const org = orgOf(call);
  const provider = {
    id: newId(),
    enabled: true,
    redirectUri: "http://127.0.0.1:8000/oauth/callback",
    check: { state: "unknown" as const, at: null, message: "" },
    routedUsers: 0,
    match: { claim: "email", attribute: "email" },
    jit: { enabled: false, domains: [] },
    ...call.body,
    oidc: { ...call.body.oidc, clientSecret: "" },
  };
  org.providers.push(provider);
  return reply(201, provider);
});
on("GET", "/api/v2/identity-providers/:id", (call) => {
  const org = orgOf(call);
  const provider = one(org, call.params[0]);
  return { ...provider, routedUsers: routed(org, provider.id) };
});
on("PUT", "/api/v2/identity-providers/:id", (call) => {
  const provider = Object.assign(one(orgOf(call), call.params[0]), call.body);
  provider.oidc.clientSecret = "";
  return provider;
});
on("DELETE", "/api/v2/identity-providers/:id", (call) => {
  const org = orgOf(call);
  org.providers = org.providers.filter((provider) => provider.id !== call.params[0]);
  org.policies = org.policies.filter((policy) => policy.identityProviderId !== call.params[0]);
  return reply(204, undefined);
});
on("POST", "/api/v2/identity-providers/:id/check", (call) => {
  const provider = one(orgOf(call), call.params[0]);
  const failing = provider.name.includes("broken");
  provider.check = { state: failing ? "failing" : "ok", at: ago(0), message: failing ? "Connection refused." : "" };
  return provider.check;
});

on("GET", "/api/v2/identity-provider/policies", (call) => {
  const all = orgOf(call).policies;
  return { results: all, totalCount: all.length };
});
on("POST", "/api/v2/identity-provider/policies", (call) => {
  const org = orgOf(call);
  const policy = { ...call.body, id: newId(), order: org.policies.length };
  org.policies.push(policy);
  return reply(201, policy);
});
on("PUT", "/api/v2/identity-provider/policies/:id", (call) => {
  const org = orgOf(call);
  return Object.assign(found(org.policies.find((policy) => policy.id === call.params[0])), call.body);
});
on("DELETE", "/api/v2/identity-provider/policies/:id", (call) => {
  const org = orgOf(call);
  org.policies = org.policies.filter((policy) => policy.id !== call.params[0]);
  return reply(204, undefined);
});
