import { ActionIcon, Title } from "@mantine/core";
import { IconMenu2 } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { apiFor, OrgProvider, sessionQuery } from "../api/org.tsx";
import { Announcer } from "../ui/Announcer.tsx";
import { Note } from "../ui/Note.tsx";
import { AccountMenu } from "./AccountMenu.tsx";
import { CommandPalette } from "./CommandPalette.tsx";
import { Nav } from "./Nav.tsx";
import { OrganizationSwitcher } from "./OrganizationSwitcher.tsx";
import { ThemeMenu } from "./ThemeMenu.tsx";
import "./frame.css";

const FOLDED = "muster-nav-folded";

/** Around every page of the console: navigation at the left, the organization and tools above. */
export function ConsoleFrame() {
  const { slug } = useParams({ from: "/console/$slug" });
  const { data: session } = useSuspenseQuery(sessionQuery);
  const [folded, setFolded] = useState(() => localStorage.getItem(FOLDED) === "yes");
  const [open, setOpen] = useState(false);
  const org = session.organizations.find((one) => one.slug === slug);

  useEffect(() => {
    if (org) localStorage.setItem("muster-last-organization", org.slug);
  }, [org]);
  useEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && setOpen(false);
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [open]);

  const readOnly = org?.roleName === "Read Only";
  if (!org) return <UnknownOrganization slug={slug} />;
  const fold = () => {
    localStorage.setItem(FOLDED, folded ? "no" : "yes");
    setFolded(!folded);
  };
  return (
    <OrgProvider value={{ api: apiFor(org), org, session }}>
      <div className="frame" data-folded={folded || undefined} data-open={open || undefined}>
        <a className="frame__skip" href="#content">
          Skip to the content
        </a>
        <Nav folded={folded && !open} onFold={fold} onGo={() => setOpen(false)} />
        <button
          type="button"
          className="frame__shade"
          aria-label="Close the navigation"
          onClick={() => setOpen(false)}
        />
        <div className="frame__main">
          <header className="frame__bar">
            <ActionIcon
              className="frame__menu"
              variant="subtle"
              color="gray"
              size={36}
              aria-label="Navigation"
              aria-expanded={open}
              aria-controls="main-nav"
              onClick={() => setOpen(!open)}
            >
              <IconMenu2 size={20} aria-hidden />
            </ActionIcon>
            <OrganizationSwitcher />
            <div className="frame__grow" />
            <CommandPalette />
            <ThemeMenu />
            <AccountMenu />
          </header>
          <main id="content" tabIndex={-1} key={org.id} onSubmitCapture={readOnly ? sendNothing : undefined}>
            {readOnly && (
              <div className="frame__note">
                <Note tone="info">
                  Your role here is Read Only: you see, search and export everything. What would change something is
                  switched off.
                </Note>
              </div>
            )}
            <Outlet />
            <Announcer />
          </main>
        </div>
      </div>
    </OrgProvider>
  );
}

/** Enter in a field sends its form, also where no button does: only searches and filters are sent then. */
function sendNothing(event: FormEvent<HTMLElement>) {
  if ((event.target as HTMLElement).hasAttribute("data-reads")) return;
  event.preventDefault();
  event.stopPropagation();
}

function UnknownOrganization({ slug }: { slug: string }) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  return (
    <main className="page">
      <Title order={1} mb="xs">
        No organization “{slug}”
      </Title>
      <p>It does not exist, or {session.admin.email} is not an administrator of it. You can open:</p>
      <ul>
        {session.organizations.map((one) => (
          <li key={one.id}>
            <Link to="/console/$slug" params={{ slug: one.slug }}>
              {one.displayName}
            </Link>
          </li>
        ))}
      </ul>
    </main>
  );
}
