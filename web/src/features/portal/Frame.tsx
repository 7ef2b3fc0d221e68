import { ActionIcon, Avatar, Menu } from "@mantine/core";
import { IconLogout, IconSettings } from "@tabler/icons-react";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import { Api } from "../../api/client.ts";
import { meQuery, PortalProvider, signOutPortal } from "../../api/portal.ts";
import { ThemeMenu } from "../../frame/ThemeMenu.tsx";
import "../../frame/frame.css";
import { Announcer } from "../../ui/Announcer.tsx";
import { Logo } from "../../ui/Logo.tsx";
import { failed } from "../../ui/notify.ts";
import { administer } from "./administer.ts";
import "./portal.css";

const pages = [
  { label: "Applications", to: "/portal/$slug", exact: true },
  { label: "My profile", to: "/portal/$slug/profile", exact: false },
  { label: "Security", to: "/portal/$slug/security", exact: false },
] as const;

/** Around every page of the portal. */
export function PortalFrame() {
  const { slug } = useParams({ from: "/portal/$slug" });
  const { data: me } = useSuspenseQuery(meQuery(slug));
  const client = useQueryClient();
  const api = useMemo(() => new Api({ orgId: me.organization.id, slug, door: "portal" }), [me.organization.id, slug]);
  const name = me.user.displayname || `${me.user.firstname} ${me.user.lastname}`.trim() || me.user.username;
  const signOut = async () => {
    try {
      await signOutPortal(api);
      client.clear();
      window.location.assign(`/o/${encodeURIComponent(slug)}/login`);
    } catch (error) {
      failed(error);
    }
  };
  return (
    <PortalProvider value={{ api, slug, me }}>
      <a className="frame__skip" href="#content">
        Skip to the content
      </a>
      <header className="portal__bar">
        <div className="portal__org">
          <Logo url={me.organization.logoUrl} name={me.organization.displayName} size={30} />
          <span>{me.organization.displayName}</span>
        </div>
        <nav className="portal__nav" aria-label="Portal">
          {pages.map((page) => (
            <Link key={page.to} to={page.to} params={{ slug }} activeOptions={{ exact: page.exact }}>
              {page.label}
            </Link>
          ))}
        </nav>
        <ThemeMenu />
        <Menu width={240}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={36} radius="xl" aria-label={`Account of ${name}`}>
              <Avatar size={28} radius="xl" color="pine" variant="filled" aria-hidden>
                {name[0]?.toUpperCase()}
              </Avatar>
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <div style={{ padding: "8px 12px" }}>
              <div style={{ fontWeight: 550 }}>{name}</div>
              <div className="section__help">{me.user.email}</div>
            </div>
            <Menu.Divider />
            {me.administration && (
              <Menu.Item
                leftSection={<IconSettings size={16} aria-hidden />}
                onClick={() => void administer(api).catch(failed)}
              >
                Administration
              </Menu.Item>
            )}
            <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
              Sign out
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </header>
      <main id="content" tabIndex={-1}>
        <Outlet />
        <Announcer />
      </main>
    </PortalProvider>
  );
}
