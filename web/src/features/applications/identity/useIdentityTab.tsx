import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useOrg } from "../../../api/org.tsx";
import type { Application } from "../../../api/types.ts";
import type { TabDef } from "../../../ui/TabsPage.tsx";
import { IdentityTab, type Shown } from "./IdentityTab.tsx";
import { PlanDialog } from "./PlanDialog.tsx";
import { useProvision } from "./useProvision.tsx";

const route = getRouteApi("/console/$slug/sso-applications/$applicationId");

/** The tab Identity Management, for the page of an application of any kind. */
export function useIdentityTab(application: Application) {
  const { org } = useOrg();
  const { view, state, job } = route.useSearch();
  const navigate = useNavigate();
  const provisioning = useProvision(application);
  const show = (search: Shown) =>
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
    content: () => <IdentityTab provisioning={provisioning} shown={{ view, state, job }} onShow={show} />,
  };
  return { tab, provisioning, dialog: <PlanDialog provisioning={provisioning} /> };
}
