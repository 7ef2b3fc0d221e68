import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useOrg } from "../../api/org.tsx";
import { Page } from "../../ui/Page.tsx";
import { PageTabs } from "../../ui/TabsPage.tsx";
import { ApiKey } from "./ApiKey.tsx";
import { ClientRegistration } from "./ClientRegistration.tsx";
import { ServiceAccounts } from "./ServiceAccounts.tsx";

const route = getRouteApi("/console/$slug/settings/api");

/** How programs get in: an administrator's own key, accounts of programs, applications that register themselves. */
export function ApiPage() {
  const { org } = useOrg();
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  const go = (to: string) =>
    void navigate({
      to: "/console/$slug/settings/api",
      params: { slug: org.slug },
      search: { tab: to === "key" ? undefined : to },
      replace: true,
    });
  return (
    <Page title="API">
      <PageTabs
        label="Ways into the API"
        value={tab}
        onChange={go}
        tabs={[
          { value: "key", label: "My API Key", content: () => <ApiKey /> },
          { value: "service-accounts", label: "Service accounts", content: () => <ServiceAccounts /> },
          { value: "registration", label: "Client registration", content: () => <ClientRegistration /> },
        ]}
      />
    </Page>
  );
}
