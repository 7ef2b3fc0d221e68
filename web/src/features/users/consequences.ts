import type { QueryClient } from "@tanstack/react-query";
import type { Api } from "../../api/client.ts";
import { devicesOfUserQuery } from "../../api/devices.ts";
import { reportsQuery, userApplicationsQuery, userGroupsOfQuery, userSessionsQuery } from "../../api/users.ts";
import { userName } from "./status.tsx";

function some(count: number, one: string, many: string): string | undefined {
  if (count === 0) return undefined;
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}

/** What a person stands to lose, counted: "2 open sessions, 3 applications and 1 group". Empty when nothing. */
export async function holdings(client: QueryClient, api: Api, user: string): Promise<string> {
  const [sessions, applications, groups] = await Promise.all([
    client.fetchQuery(userSessionsQuery(api, user)).catch(() => []),
    client.fetchQuery(userApplicationsQuery(api, user)).catch(() => []),
    client.fetchQuery(userGroupsOfQuery(api, user)).catch(() => []),
  ]);
  const parts = [
    some(sessions.length, "open session", "open sessions"),
    some(applications.length, "application", "applications"),
    some(groups.length, "group", "groups"),
  ].filter((part) => part !== undefined);
  const last = parts.pop();
  if (!last) return "";
  return parts.length > 0 ? `${parts.join(", ")} and ${last}` : last;
}

/** Which devices a person leaves behind, in a sentence. Empty when none. */
export async function leftDevices(client: QueryClient, api: Api, user: string): Promise<string> {
  const devices = await client.fetchQuery(devicesOfUserQuery(api, user)).catch(() => []);
  const [bound, owned] = [devices.filter((one) => one.bound).length, devices.filter((one) => one.owner).length];
  const off = some(bound, "device loses their account", "devices lose their account");
  const without = some(owned, "device is left without an owner", "devices are left without an owner");
  const parts = [off, without].filter((part) => part !== undefined);
  return parts.length > 0 ? `${parts.join("; ")}.` : "";
}

/** Who loses their manager with this person, in a sentence. Empty when nobody. */
export async function reports(client: QueryClient, api: Api, user: string): Promise<string> {
  const found = await client.fetchQuery(reportsQuery(api, user)).catch(() => undefined);
  const count = found?.totalCount ?? 0;
  if (!found || count === 0) return "";
  const names = found.results.map(userName);
  const others = count - names.length;
  const listed = others > 0 ? `${names.join(", ")} and ${others} more` : names.join(", ");
  return count === 1
    ? `${listed} has them as manager and will have none.`
    : `${listed} have them as manager and will have none.`;
}
