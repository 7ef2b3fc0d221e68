import {
  IconApps,
  IconArrowsExchange,
  IconBuildingCommunity,
  IconBuildingSkyscraper,
  IconChevronsLeft,
  IconChevronsRight,
  IconCode,
  IconDeviceLaptop,
  IconDevices,
  IconFileImport,
  IconHome,
  IconKey,
  IconListDetails,
  IconPlugConnected,
  IconUser,
  IconUserShield,
  IconUsersGroup,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useOrg } from "../api/org.tsx";
import { Wordmark } from "./Wordmark.tsx";

/** Only pages that work. The names are a contract (console.md). */
export const sections = [
  { title: "HOME", pages: [{ label: "Home", to: "/console/$slug", icon: IconHome, exact: true }] },
  {
    title: "USER MANAGEMENT",
    pages: [
      { label: "Users", to: "/console/$slug/users", icon: IconUser },
      { label: "User Groups", to: "/console/$slug/user-groups", icon: IconUsersGroup },
    ],
  },
  {
    title: "USER AUTHENTICATION",
    pages: [{ label: "SSO Applications", to: "/console/$slug/sso-applications", icon: IconApps }],
  },
  {
    title: "DEVICE MANAGEMENT",
    pages: [
      { label: "Devices", to: "/console/$slug/devices", icon: IconDeviceLaptop },
      { label: "Device Groups", to: "/console/$slug/device-groups", icon: IconDevices },
    ],
  },
  {
    title: "DIRECTORY INTEGRATIONS",
    pages: [
      { label: "Identity Providers", to: "/console/$slug/identity-providers", icon: IconPlugConnected },
      { label: "SCIM Provisioning", to: "/console/$slug/scim-provisioning", icon: IconArrowsExchange },
      { label: "Imports", to: "/console/$slug/imports", icon: IconFileImport },
    ],
  },
  {
    title: "SETTINGS",
    pages: [
      { label: "Organization", to: "/console/$slug/settings/organization", icon: IconBuildingSkyscraper },
      { label: "Administrators", to: "/console/$slug/settings/administrators", icon: IconUserShield },
      { label: "Custom Attributes", to: "/console/$slug/settings/attributes", icon: IconListDetails },
      { label: "API", to: "/console/$slug/settings/api", icon: IconCode },
      { label: "Keys and certificates", to: "/console/$slug/settings/keys", icon: IconKey },
    ],
  },
  {
    title: "MSP",
    provider: true,
    pages: [{ label: "Organizations", to: "/console/$slug/organizations", icon: IconBuildingCommunity }],
  },
] as const;

interface NavProps {
  folded: boolean;
  onFold: () => void;
  onGo: () => void;
}

export function Nav({ folded, onFold, onGo }: NavProps) {
  const { org, session } = useOrg();
  const shown = sections.filter((section) => !("provider" in section) || session.admin.provider);
  return (
    <nav className="frame__nav" aria-label="Main" id="main-nav">
      <div className="frame__brand">
        <Wordmark folded={folded} />
      </div>
      <div className="frame__links">
        {shown.map((section) => (
          <div key={section.title}>
            {section.title !== "HOME" && <div className="frame__section">{section.title}</div>}
            {section.pages.map((page) => (
              <Link
                key={page.label}
                to={page.to}
                params={{ slug: org.slug }}
                className="frame__link"
                activeOptions={{ exact: "exact" in page, includeSearch: false }}
                title={folded ? page.label : undefined}
                onClick={onGo}
              >
                <page.icon size={18} stroke={1.7} aria-hidden />
                <span>{page.label}</span>
              </Link>
            ))}
          </div>
        ))}
      </div>
      <div className="frame__fold">
        <button type="button" className="frame__link" onClick={onFold} aria-expanded={!folded}>
          {folded ? <IconChevronsRight size={18} aria-hidden /> : <IconChevronsLeft size={18} aria-hidden />}
          <span>{folded ? "Show names" : "Fold"}</span>
        </button>
      </div>
    </nav>
  );
}
