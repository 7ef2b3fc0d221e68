import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useOrg } from "../../../api/org.tsx";
import type { Application } from "../../../api/types.ts";
import type { TabDef } from "../../../ui/TabsPage.tsx";
import { IdentityTab } from "./IdentityTab.tsx";
import { PlanDialog } from "./PlanDialog.tsx";
import { useProvision } from "./useProvision.tsx";

const route = getRouteApi("/console/$slug/sso-applications/$applicationId");

/** The tab Identity Management, for the page of an application of any kind. */
export function useIdentityTab(application: Application) {
  const { org } = useOrg();
  const { view, state } = route.useSearch();
  const navigate = useNavigate();
  const provisioning = useProvision(application);
  const show = (search: { view?: string; state?: string }) =>
    void navigate({
      to: "/console/$slug/sso-applications/$applicationId",
      params: { slug: org.slug, applicationId: application._id },
      search: { tab: "identity", ...search },
      replace: true,
    });
  const tab: TabDef = {
    value: "identity",
    label: "Identity Management",
    mark: provisioning.draft.dirty,
    content: () => <IdentityTab provisioning={provisioning} view={view} state={state} onShow={show} />,
  };
  return { tab, provisioning, dialog: <PlanDialog provisioning={provisioning} /> };
}
