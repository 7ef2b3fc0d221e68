import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type GroupKind, groupApplicationsQuery, groupQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import { LoadingPage } from "../../ui/LoadingPage.tsx";
import { GroupEditor } from "./Editor.tsx";
import { kinds } from "./kinds.ts";

const userGroup = getRouteApi("/console/$slug/user-groups/$groupId");
const deviceGroup = getRouteApi("/console/$slug/device-groups/$groupId");

export const GroupCreate = () => <GroupEditor key="new" kind="user" />;
export const DeviceGroupCreate = () => <GroupEditor key="new" kind="device" />;

export function GroupDetails() {
  const { groupId } = userGroup.useParams();
  return <Known kind="user" id={groupId} tab={userGroup.useSearch().tab} />;
}

export function DeviceGroupDetails() {
  const { groupId } = deviceGroup.useParams();
  return <Known kind="device" id={groupId} tab={deviceGroup.useSearch().tab} />;
}

function Known({ kind, id, tab }: { kind: GroupKind; id: string; tab: string | undefined }) {
  const { api, org } = useOrg();
  const group = useQuery(groupQuery(api, id, kind));
  const bound = useQuery({ ...groupApplicationsQuery(api, id), enabled: kind === "user" });
  const error = group.error ?? bound.error;
  if (group.data && (bound.data || kind === "device")) {
    return <GroupEditor key={id} kind={kind} group={group.data} bound={bound.data} tab={tab} />;
  }
  const { title, list } = kinds[kind];
  return (
    <LoadingPage
      back={{ label: title, to: list, params: { slug: org.slug } }}
      error={error}
      retry={() => void group.refetch()}
    />
  );
}
