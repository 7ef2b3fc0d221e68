import type {
  Application,
  ApplicationSso,
  IdentityProvider,
  RoutingPolicy,
  SignInEvent,
  User,
  UserGroup,
} from "../../src/api/types.ts";

let counter = 0x100;

export function newId(): string {
  counter += 1;
  return `6740a1b2c3d4e5f600${counter.toString(16).padStart(6, "0")}`;
}

export const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

export interface Org {
  id: string;
  displayName: string;
  slug: string;
  settings: Record<string, unknown>;
  users: User[];
  groups: UserGroup[];
  members: Record<string, string[]>;
  applications: Application[];
  sso: Record<string, ApplicationSso>;
  bindings: { application: string; group: string }[];
  providers: IdentityProvider[];
  policies: RoutingPolicy[];
}

const first =
  "Ana Boris Chiara Dmitri Elif Farid Greta Hugo Ines Jonas Kira Luca Mina Nils Olga Pavel Rosa Sami Tilda Uma".split(
    " ",
  );
const last = "Almeida Bergström Conti Dahl Eriksen Fofana Garcia Hoffmann Ivanova Jansen Kowalski Lindgren".split(" ");
const departments = ["Engineering", "Sales", "Finance", "People", "Support"];
const titles = ["Engineer", "Account Executive", "Controller", "Recruiter", "Agent"];

export function newUser(patch: Partial<User>): User {
  const user: User = {
    _id: newId(),
    username: "",
    email: "",
    firstname: "",
    middlename: "",
    lastname: "",
    displayname: "",
    alternateEmail: "",
    description: "",
    employeeIdentifier: "",
    employeeType: "",
    jobTitle: "",
    department: "",
    costCenter: "",
    company: "",
    location: "",
    attributes: [],
    restrictedFields: [],
    state: "ACTIVATED",
    activated: false,
    account_locked: false,
    password_expired: false,
    password_never_expires: false,
    passwordStatus: "Password Pending",
    created: ago(0),
    ...patch,
  };
  return refreshed(user);
}

export function refreshed(user: User): User {
  const held = user.restrictedFields.find((one) => one.field === "password");
  const federated = held?.type === "federated_identity_provider";
  user.passwordStatus = held
    ? federated
      ? "Federated Managed by External IdP"
      : "Password Externally Managed"
    : user.account_locked
      ? "Locked"
      : !user.activated
        ? "Password Pending"
        : user.password_expired
          ? "Expired"
          : "Active";
  return user;
}

function people(domain: string, count: number): User[] {
  return Array.from({ length: count }, (_, n) => {
    const firstname = first[n % first.length] ?? "Ana";
    const lastname = last[(n * 5) % last.length] ?? "Conti";
    const name = `${firstname}.${lastname}`
      .toLowerCase()
      .normalize("NFKD")
      .replace(/[^a-z.]/g, "");
    const suffix = n >= first.length ? String(n) : "";
    return newUser({
      username: name + suffix,
      email: `${name}${suffix}@${domain}`,
      firstname,
      lastname,
      displayname: `${firstname} ${lastname}`,
      department: departments[n % 5],
      jobTitle: titles[n % 5],
      activated: n % 4 !== 3,
      account_locked: n % 11 === 5,
      password_expired: n % 13 === 7,
      state: n % 17 === 12 ? "SUSPENDED" : n % 19 === 14 ? "STAGED" : "ACTIVATED",
      restrictedFields: n % 9 === 4 ? [{ field: "password", type: "federated_identity_provider" }] : [],
      attributes: n === 0 ? [{ name: "SecondaryEmail", value: "ana+secondary@globex.example" }] : [],
      created: ago(86400 * (n + 1)),
    });
  });
}

function organization(name: string, slug: string, domain: string, count: number): Org {
  const users = people(domain, count);
  const org: Org = {
    id: newId(),
    displayName: name,
    slug,
    settings: {
      passwordPolicy: { minLength: 12, enableMaxLoginAttempts: true, maxLoginAttempts: 8, lockoutTimeInSeconds: 900 },
      userPortal: { idleSessionDurationMinutes: 480 },
      newSystemUserStateDefaults: { manualEntry: "ACTIVATED" },
      systemUserDefaults: { restrictedFields: [] },
      systemUsersCanEdit: true,
    },
    users,
    groups: [],
    members: {},
    applications: [],
    sso: {},
    bindings: [],
    providers: [],
    policies: [],
  };
  addGroup(
    org,
    {
      name: "All Users",
      description: "Everybody in the organization",
      membershipMethod: "DYNAMIC_AUTOMATED",
      memberQuery: { filters: [] },
    },
    users.map((user) => user._id),
  );
  return org;
}

export function addGroup(org: Org, patch: Partial<UserGroup>, members: string[]): UserGroup {
  const group: UserGroup = {
    id: newId(),
    type: "user_group",
    name: "",
    description: "",
    email: "",
    membershipMethod: "STATIC",
    memberQuery: null,
    memberQueryExemptions: [],
    memberCount: members.length,
    ...patch,
  };
  org.groups.push(group);
  org.members[group.id] = members;
  return group;
}

const acme = organization("Acme Holdings", "acme", "acme.example", 64);
const globex = organization("Globex Industries", "globex", "globex.example", 7);
const initech = organization("Initech", "initech", "initech.example", 0);

addGroup(
  acme,
  { name: "Engineering", description: "Builds the product" },
  acme.users.slice(0, 13).map((u) => u._id),
);
addGroup(
  acme,
  {
    name: "Sales and Support",
    membershipMethod: "DYNAMIC_AUTOMATED",
    memberQuery: {
      filters: [
        {
          operation: "or",
          filters: [
            { field: "user.user_department", operation: "equals", value: "Sales" },
            { field: "user.user_department", operation: "equals", value: "Support" },
          ],
        },
      ],
    },
    memberQueryExemptions: [{ id: acme.users[0]?._id ?? "", type: "USER", mode: "in" }],
  },
  acme.users.filter((u) => u.department === "Sales" || u.department === "Support").map((u) => u._id),
);

export const orgs: Org[] = [acme, globex, initech];

export function application(org: Org, label: string, active: boolean): Application {
  const made: Application = {
    _id: newId(),
    name: "oidc",
    displayName: "OpenID Connect",
    displayLabel: label,
    description: "",
    active,
    config: {},
    sso: { type: "oidc", hidden: false },
    logo: null,
    created: ago(86400 * 3),
    organization: org.id,
  };
  org.applications.push(made);
  return made;
}

const wiki = application(acme, "Team Wiki", true);
wiki.description = "Notes, plans and decisions";
const board = application(acme, "Dashboards", true);
application(acme, "Expense reports", false);
for (const one of [wiki, board]) {
  acme.sso[one._id] = {
    type: "oidc",
    hidden: false,
    oidc: {
      clientId: newId(),
      redirectUris: ["https://wiki.acme.example/oauth/callback"],
      postLogoutRedirectUris: [],
      grantTypes: ["authorization_code", "refresh_token"],
      tokenEndpointAuthMethod: "client_secret_post",
      relyingPartyUrl: "https://wiki.acme.example/login",
      dynamicClaims: [{ name: "email", value: "email" }],
      constantClaims: [],
      groupsClaim: null,
      idTokenSignedResponseAlg: "RS256",
      issuer: "http://127.0.0.1:8000/o/acme",
      secrets: [{ id: newId(), hint: "x9Qa", createdAt: ago(86400 * 3) }],
    },
  };
  acme.bindings.push({ application: one._id, group: acme.groups[1]?.id ?? "" });
}

export const events: SignInEvent[] = [
  {
    id: newId(),
    at: ago(160),
    type: "user_login_attempt",
    success: false,
    summary: "Refused: wrong password",
    clientIp: "203.0.113.20",
    userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/129.0 Safari/537.36",
    application: { id: wiki._id, name: "Team Wiki" },
    trace: [
      { step: "Find the person", saw: "ana.almeida@acme.example, activated", passed: true, setting: null },
      {
        step: "Routing policies",
        saw: "No policy fits: a Muster password is asked for",
        passed: true,
        setting: { label: "Routing policies", path: "/identity-providers" },
      },
      { step: "Password", saw: "Does not match (attempt 3 of 8)", passed: false, setting: null },
    ],
  },
  {
    id: newId(),
    at: ago(7200),
    type: "sso_auth",
    success: true,
    summary: "Signed in to Team Wiki",
    clientIp: "203.0.113.20",
    userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605 Version/17 Safari/605",
    application: { id: wiki._id, name: "Team Wiki" },
    trace: [
      { step: "Session", saw: "Open since 2 hours", passed: true, setting: null },
      {
        step: "Access to the application",
        saw: "Through the group Engineering",
        passed: true,
        setting: { label: "User Groups of Team Wiki", path: `/sso-applications/${wiki._id}?tab=groups` },
      },
    ],
  },
];
