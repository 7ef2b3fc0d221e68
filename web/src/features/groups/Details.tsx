import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ApiError } from "../../api/client.ts";
import { groupApplicationsQuery, groupQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import { Failure } from "../../ui/Note.tsx";
import { Page } from "../../ui/Page.tsx";
import { NotFound } from "../../ui/PageFailed.tsx";
import { GroupEditor } from "./Editor.tsx";

const route = getRouteApi("/console/$slug/user-groups/$groupId");

export function GroupCreate() {
  return <GroupEditor key="new" />;
}

export function GroupDetails() {
  const { api, org } = useOrg();
  const { groupId } = route.useParams();
  const { tab } = route.useSearch();
  const group = useQuery(groupQuery(api, groupId));
  const bound = useQuery(groupApplicationsQuery(api, groupId));
  const error = group.error ?? bound.error;
  if (group.data && bound.data) {
    return <GroupEditor key={groupId} group={group.data} bound={bound.data} tab={tab} />;
  }
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  return (
    <Page title="" back={{ label: "User Groups", to: "/console/$slug/user-groups", params: { slug: org.slug } }}>
      {error ? <Failure error={error} retry={() => void group.refetch()} /> : <Skeleton height={380} mt={24} />}
    </Page>
  );
}
