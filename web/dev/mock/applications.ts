import { cut, found, invalid, on, orgOf, reply } from "./routes.ts";
import { ago, application, newId, type Org } from "./store.ts";

const one = (org: Org, id: string | undefined) => found(org.applications.find((app) => app._id === id));

on("GET", "/api/applications", (call) => {
  const all = orgOf(call).applications;
  return { results: cut(call, all), totalCount: all.length };
});
on("POST", "/api/applications", (call) => {
  const org = orgOf(call);
  return Object.assign(application(org, "", false), call.body, { created: ago(0) });
});
on("GET", "/api/applications/:id", (call) => one(orgOf(call), call.params[0]));
on("PUT", "/api/applications/:id", (call) => Object.assign(one(orgOf(call), call.params[0]), call.body));
on("DELETE", "/api/applications/:id", (call) => {
  const org = orgOf(call);
  org.applications = org.applications.filter((app) => app._id !== call.params[0]);
  org.bindings = org.bindings.filter((edge) => edge.application !== call.params[0]);
  return {};
});
on("GET", "/api/v2/applications/attributes", (call) => {
  const custom = new Set(orgOf(call).users.flatMap((user) => user.attributes.map((attribute) => attribute.name)));
  const fixed = { email: "Company Email", username: "Username", firstname: "First Name", lastname: "Last Name" };
  return {
    attributes: [
      ...Object.entries(fixed).map(([name, label]) => ({ name, label, custom: false })),
      ...[...custom].map((name) => ({ name, label: name, custom: true })),
    ],
  };
});
on("GET", "/api/v2/applications/:id/sso", (call) => found(orgOf(call).sso[call.params[0] ?? ""]));
on("POST", "/api/v2/applications/:id/sso", (call) => {
  const org = orgOf(call);
  const bad = call.body.oidc.redirectUris.findIndex((uri: string) => uri.startsWith("http://evil"));
  if (bad >= 0) invalid(`oidc.redirectUris[${bad}]`, "Plain http is allowed for loopback addresses only.");
  const made = {
    ...call.body,
    oidc: { ...call.body.oidc, clientId: newId(), issuer: `http://127.0.0.1:8000/o/${org.slug}` },
  };
  const secret = { id: newId(), hint: "k3Tz", createdAt: ago(0) };
  org.sso[call.params[0] ?? ""] = { ...made, oidc: { ...made.oidc, secrets: [secret] } };
  return reply(201, { ...made, oidc: { ...made.oidc, clientSecret: `mcs_${newId()}${newId()}k3Tz` } });
});
on("PUT", "/api/v2/applications/:id/sso", (call) => {
  const org = orgOf(call);
  const before = found(org.sso[call.params[0] ?? ""]);
  org.sso[call.params[0] ?? ""] = { ...call.body, oidc: { ...before.oidc, ...call.body.oidc } };
  return org.sso[call.params[0] ?? ""];
});
on("POST", "/api/v2/applications/:id/secrets", (call) => {
  const secrets = found(orgOf(call).sso[call.params[0] ?? ""]).oidc.secrets;
  const id = newId();
  secrets?.push({ id, hint: "m8Lw", createdAt: ago(0) });
  return reply(201, { id, clientSecret: `mcs_${newId()}${newId()}m8Lw` });
});
on("DELETE", "/api/v2/applications/:id/secrets/:sid", (call) => {
  const { oidc } = found(orgOf(call).sso[call.params[0] ?? ""]);
  oidc.secrets = oidc.secrets?.filter((secret) => secret.id !== call.params[1]);
  return reply(204, undefined);
});
on("POST", "/api/v2/applications/:id/logo", () => reply(204, undefined));
on("DELETE", "/api/v2/applications/:id/logo", () => reply(204, undefined));
on("GET", "/api/v2/applications/:id/associations", (call) =>
  orgOf(call)
    .bindings.filter((edge) => edge.application === call.params[0])
    .map((edge) => ({ to: { id: edge.group, type: "user_group" } })),
);
on("POST", "/api/v2/applications/:id/associations", (call) => {
  const org = orgOf(call);
  const edge = { application: call.params[0] ?? "", group: call.body.id };
  org.bindings = org.bindings.filter((b) => b.application !== edge.application || b.group !== edge.group);
  if (call.body.op === "add") org.bindings.push(edge);
  return reply(204, undefined);
});
