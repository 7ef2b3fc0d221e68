import { lazy, Suspense } from "react";
import { useOrg } from "../api/org.tsx";
import { Logo } from "../ui/Logo.tsx";

const SwitchOrganization = lazy(() =>
  import("./SwitchOrganization.tsx").then((module) => ({ default: module.SwitchOrganization })),
);

/** Which organization this tab works in. Choosing another is loaded for those who have several. */
export function OrganizationSwitcher() {
  const { org, session } = useOrg();
  const current = (
    <div className="switcher">
      <Logo url={org.logoUrl} name={org.displayName} size={24} />
      <span className="switcher__name">{org.displayName}</span>
    </div>
  );
  if (session.organizations.length < 2) return current;
  return (
    <Suspense fallback={current}>
      <SwitchOrganization />
    </Suspense>
  );
}
