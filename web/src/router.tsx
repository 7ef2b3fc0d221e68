import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from "@tanstack/react-router";
import { applicationQuery, applicationsQuery, ssoQuery } from "./api/applications.ts";
import { attributesQuery } from "./api/attributes.ts";
import type { Api } from "./api/client.ts";
import { type DeviceListParams, deviceQuery, devicesQuery } from "./api/devices.ts";
import { directoryProviderQuery, directoryProvidersQuery } from "./api/directoryProviders.ts";
import {
  applicationGroupsQuery,
  groupApplicationsQuery,
  groupQuery,
  groupsQuery,
  vocabularyQuery,
} from "./api/groups.ts";
import { identityProvidersQuery, policiesQuery } from "./api/identityProviders.ts";
import { apiFor, sessionQuery } from "./api/org.tsx";
import { meQuery } from "./api/portal.ts";
import { scheduledOfQuery, scheduledQuery } from "./api/scheduledStates.ts";
import type { ScheduledStatus } from "./api/types.ts";
import { userQuery, usersQuery } from "./api/users.ts";
import { PagePending } from "./ui/Page.tsx";
import { NotFound, PageFailed } from "./ui/PageFailed.tsx";

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

/** What may stand in the address of a page. Numbers are kept as numbers, everything else as text. */
function text(search: Record<string, unknown>, name: string): string | undefined {
  const value = search[name];
  if (value === undefined || value === null || value === "") return undefined;
  return String(value);
}

function whole(search: Record<string, unknown>, name: string): number | undefined {
  const value = Number(search[name]);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

const tabbed = (search: Record<string, unknown>): { tab?: string } => ({ tab: text(search, "tab") });

interface UserListSearch {
  search?: string;
  state?: string;
  status?: string;
  expression?: string;
  sort?: string;
  page?: number;
}

interface Loading {
  context: { queryClient: QueryClient };
}

/** Starts the queries of a page while its code loads, or while the pointer rests on a link to it. Never waits. */
async function ahead(
  { context }: Loading,
  slug: string,
  queries: (api: Api) => { queryKey: readonly unknown[] }[],
): Promise<void> {
  const session = await context.queryClient.ensureQueryData(sessionQuery).catch(() => null);
  const org = session?.organizations.find((one) => one.slug === slug);
  if (!org) return;
  for (const query of queries(apiFor(org))) void context.queryClient.prefetchQuery(query as never);
}

// ---- console

const consoleIndex = createRoute({
  getParentRoute: () => root,
  path: "/console",
  component: lazyRouteComponent(() => import("./frame/ConsoleEntry.tsx"), "ConsoleEntry"),
});

const consoleFrame = createRoute({
  getParentRoute: () => root,
  path: "/console/$slug",
  loader: ({ context }) => context.queryClient.ensureQueryData(sessionQuery),
  component: lazyRouteComponent(() => import("./frame/ConsoleFrame.tsx"), "ConsoleFrame"),
});

const home = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/",
  component: lazyRouteComponent(() => import("./features/home/Home.tsx"), "Home"),
});

const users = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/users",
  validateSearch: (search: Record<string, unknown>): UserListSearch => ({
    search: text(search, "search"),
    state: text(search, "state"),
    status: text(search, "status"),
    expression: text(search, "expression"),
    sort: text(search, "sort"),
    page: whole(search, "page"),
  }),
  loaderDeps: ({ search }) => search,
  loader: (at) => void ahead(at, at.params.slug, (api) => [usersQuery(api, at.deps)]),
  component: lazyRouteComponent(() => import("./features/users/List.tsx"), "UserList"),
});

const userNew = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/users/new",
  component: lazyRouteComponent(() => import("./features/users/Create.tsx"), "UserCreate"),
});

const scheduled = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/users/scheduled",
  validateSearch: (search: Record<string, unknown>): { status?: ScheduledStatus; page?: number } => ({
    status: (["pending", "finished", "failed"] as const).find((one) => one === search.status),
    page: whole(search, "page"),
  }),
  loaderDeps: ({ search }) => search,
  loader: (at) =>
    void ahead(at, at.params.slug, (api) => [scheduledQuery(api, at.deps.status ?? "pending", at.deps.page)]),
  component: lazyRouteComponent(() => import("./features/users/Scheduled.tsx"), "Scheduled"),
});

const user = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/users/$userId",
  validateSearch: tabbed,
  loader: (at) =>
    void ahead(at, at.params.slug, (api) => [
      userQuery(api, at.params.userId),
      scheduledOfQuery(api, at.params.userId),
    ]),
  component: lazyRouteComponent(() => import("./features/users/Details.tsx"), "UserDetails"),
});

const groups = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/user-groups",
  validateSearch: (search: Record<string, unknown>): { search?: string; method?: string; page?: number } => ({
    search: text(search, "search"),
    method: text(search, "method"),
    page: whole(search, "page"),
  }),
  loaderDeps: ({ search }) => search,
  loader: (at) => void ahead(at, at.params.slug, (api) => [groupsQuery(api, at.deps)]),
  component: lazyRouteComponent(() => import("./features/groups/List.tsx"), "GroupList"),
});

const groupNew = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/user-groups/new",
  component: lazyRouteComponent(() => import("./features/groups/Details.tsx"), "GroupCreate"),
});

const group = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/user-groups/$groupId",
  validateSearch: tabbed,
  loader: (at) =>
    void ahead(at, at.params.slug, (api) => [
      groupQuery(api, at.params.groupId),
      groupApplicationsQuery(api, at.params.groupId),
      vocabularyQuery(api),
    ]),
  component: lazyRouteComponent(() => import("./features/groups/Details.tsx"), "GroupDetails"),
});

const deviceGroups = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/device-groups",
  validateSearch: (search: Record<string, unknown>): { search?: string; method?: string; page?: number } => ({
    search: text(search, "search"),
    method: text(search, "method"),
    page: whole(search, "page"),
  }),
  loaderDeps: ({ search }) => search,
  loader: (at) => void ahead(at, at.params.slug, (api) => [groupsQuery(api, at.deps, "device")]),
  component: lazyRouteComponent(() => import("./features/groups/List.tsx"), "DeviceGroupList"),
});

const deviceGroupNew = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/device-groups/new",
  component: lazyRouteComponent(() => import("./features/groups/Details.tsx"), "DeviceGroupCreate"),
});

const deviceGroup = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/device-groups/$groupId",
  validateSearch: tabbed,
  loader: (at) =>
    void ahead(at, at.params.slug, (api) => [
      groupQuery(api, at.params.groupId, "device"),
      vocabularyQuery(api, "device"),
    ]),
  component: lazyRouteComponent(() => import("./features/groups/Details.tsx"), "DeviceGroupDetails"),
});

const applications = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/sso-applications",
  validateSearch: (search: Record<string, unknown>): { search?: string; signOn?: string; accounts?: string } => ({
    search: text(search, "search"),
    signOn: text(search, "signOn"),
    accounts: text(search, "accounts"),
  }),
  loader: (at) => void ahead(at, at.params.slug, (api) => [applicationsQuery(api)]),
  component: lazyRouteComponent(() => import("./features/applications/List.tsx"), "ApplicationList"),
});

const applicationAdd = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/sso-applications/add",
  component: lazyRouteComponent(() => import("./features/applications/Add.tsx"), "ApplicationAdd"),
});

const application = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/sso-applications/$applicationId",
  validateSearch: (search: Record<string, unknown>): { tab?: string; view?: string; state?: string; job?: string } => ({
    tab: text(search, "tab"),
    view: text(search, "view"),
    state: text(search, "state"),
    job: text(search, "job"),
  }),
  loader: (at) =>
    void ahead(at, at.params.slug, (api) => [
      applicationQuery(api, at.params.applicationId),
      ssoQuery(api, at.params.applicationId),
      applicationGroupsQuery(api, at.params.applicationId),
    ]),
  component: lazyRouteComponent(() => import("./features/applications/Details.tsx"), "ApplicationDetails"),
});

const devices = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/devices",
  validateSearch: (search: Record<string, unknown>): DeviceListParams => ({
    search: text(search, "search"),
    family: text(search, "family"),
    encryption: text(search, "encryption"),
    expression: text(search, "expression"),
    page: whole(search, "page"),
  }),
  loaderDeps: ({ search }) => search,
  loader: (at) => void ahead(at, at.params.slug, (api) => [devicesQuery(api, at.deps)]),
  component: lazyRouteComponent(() => import("./features/devices/List.tsx"), "DeviceList"),
});

const device = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/devices/$deviceId",
  validateSearch: tabbed,
  loader: (at) => void ahead(at, at.params.slug, (api) => [deviceQuery(api, at.params.deviceId)]),
  component: lazyRouteComponent(() => import("./features/devices/Details.tsx"), "DeviceDetails"),
});

const identityProviders = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/identity-providers",
  loader: (at) => void ahead(at, at.params.slug, (api) => [identityProvidersQuery(api), policiesQuery(api)]),
  component: lazyRouteComponent(() => import("./features/identity-providers/List.tsx"), "IdentityProviderList"),
});

const identityProviderAdd = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/identity-providers/add",
  component: lazyRouteComponent(() => import("./features/identity-providers/Add.tsx"), "IdentityProviderAdd"),
});

const identityProvider = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/identity-providers/$providerId",
  component: lazyRouteComponent(() => import("./features/identity-providers/Details.tsx"), "IdentityProviderDetails"),
});

const policyNew = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/identity-providers/$providerId/policies/new",
  component: lazyRouteComponent(() => import("./features/identity-providers/Policy.tsx"), "PolicyCreate"),
});

const policy = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/identity-providers/$providerId/policies/$policyId",
  component: lazyRouteComponent(() => import("./features/identity-providers/Policy.tsx"), "PolicyDetails"),
});

const scimProvisioning = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/scim-provisioning",
  loader: (at) => void ahead(at, at.params.slug, (api) => [directoryProvidersQuery(api)]),
  component: lazyRouteComponent(() => import("./features/scim-provisioning/List.tsx"), "ScimProvisioningList"),
});

const scimProvisioningAdd = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/scim-provisioning/add",
  component: lazyRouteComponent(() => import("./features/scim-provisioning/List.tsx"), "ScimProvisioningAdd"),
});

const scimProvisioningOne = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/scim-provisioning/$directoryId",
  validateSearch: tabbed,
  loader: (at) => void ahead(at, at.params.slug, (api) => [directoryProviderQuery(api, at.params.directoryId)]),
  component: lazyRouteComponent(() => import("./features/scim-provisioning/Details.tsx"), "ScimProvisioningDetails"),
});

const imports = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/imports",
  validateSearch: tabbed,
  component: lazyRouteComponent(() => import("./features/imports/Imports.tsx"), "Imports"),
});

const organization = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/settings/organization",
  component: lazyRouteComponent(() => import("./features/settings/Organization.tsx"), "OrganizationSettingsPage"),
});

const administrators = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/settings/administrators",
  component: lazyRouteComponent(() => import("./features/settings/Administrators.tsx"), "Administrators"),
});

const attributes = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/settings/attributes",
  loader: (at) => void ahead(at, at.params.slug, (api) => [attributesQuery(api)]),
  component: lazyRouteComponent(() => import("./features/settings/Attributes.tsx"), "Attributes"),
});

const apiSettings = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/settings/api",
  validateSearch: tabbed,
  component: lazyRouteComponent(() => import("./features/settings/ApiPage.tsx"), "ApiPage"),
});

const keys = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/settings/keys",
  component: lazyRouteComponent(() => import("./features/settings/Keys.tsx"), "Keys"),
});

const organizations = createRoute({
  getParentRoute: () => consoleFrame,
  path: "/organizations",
  component: lazyRouteComponent(() => import("./features/organizations/List.tsx"), "OrganizationList"),
});

// ---- portal

const portalFrame = createRoute({
  getParentRoute: () => root,
  path: "/portal/$slug",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(meQuery(params.slug)),
  component: lazyRouteComponent(() => import("./features/portal/Frame.tsx"), "PortalFrame"),
});

const portalApplications = createRoute({
  getParentRoute: () => portalFrame,
  path: "/",
  component: lazyRouteComponent(() => import("./features/portal/Applications.tsx"), "PortalApplications"),
});

const portalProfile = createRoute({
  getParentRoute: () => portalFrame,
  path: "/profile",
  component: lazyRouteComponent(() => import("./features/portal/Profile.tsx"), "PortalProfile"),
});

const portalSecurity = createRoute({
  getParentRoute: () => portalFrame,
  path: "/security",
  component: lazyRouteComponent(() => import("./features/portal/Security.tsx"), "PortalSecurity"),
});

const portalAdministration = createRoute({
  getParentRoute: () => portalFrame,
  path: "/administration",
  component: lazyRouteComponent(() => import("./features/portal/Administration.tsx"), "PortalAdministration"),
});

const tree = root.addChildren([
  consoleIndex,
  consoleFrame.addChildren([
    home,
    users,
    userNew,
    scheduled,
    user,
    groups,
    groupNew,
    group,
    deviceGroups,
    deviceGroupNew,
    deviceGroup,
    applications,
    applicationAdd,
    application,
    devices,
    device,
    identityProviders,
    identityProviderAdd,
    identityProvider,
    policyNew,
    policy,
    scimProvisioning,
    scimProvisioningAdd,
    scimProvisioningOne,
    imports,
    organization,
    administrators,
    attributes,
    apiSettings,
    keys,
    organizations,
  ]),
  portalFrame.addChildren([portalApplications, portalProfile, portalSecurity, portalAdministration]),
]);

export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queryClient },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: PagePending,
    defaultPendingMs: 200,
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
