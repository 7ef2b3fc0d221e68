import { Modal, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import {
  IconApps,
  IconArrowRight,
  IconDeviceLaptop,
  IconPlus,
  IconSearch,
  IconUser,
  IconUsersGroup,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ComponentType, type KeyboardEvent, useState } from "react";
import { applicationName, applicationsQuery } from "../api/applications.ts";
import { deviceSearchQuery } from "../api/devices.ts";
import { allGroupsQuery } from "../api/groups.ts";
import { useOrg, useReadOnly } from "../api/org.tsx";
import { userSearchQuery } from "../api/users.ts";
import { sections } from "./Nav.tsx";

interface Entry {
  key: string;
  group: string;
  label: string;
  hint?: string;
  icon: ComponentType<{ size?: number }>;
  go: () => void;
}

const SHOWN = 6;

/** Finds and opens anything. Loaded when it is first asked for. */
export function PaletteDialog({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Modal.Root opened={opened} onClose={close} size={560} yOffset="12vh" centered={false}>
      <Modal.Overlay />
      <Modal.Content aria-label="Search or jump to">
        <Modal.Body p={0}>
          <Palette close={close} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function useEntries(typed: string): Entry[] {
  const { api, org, session } = useOrg();
  const navigate = useNavigate();
  const [search] = useDebouncedValue(typed.trim(), 150);
  const users = useQuery({ ...userSearchQuery(api, search, SHOWN), enabled: search.length > 0 });
  const devices = useQuery({ ...deviceSearchQuery(api, search, SHOWN), enabled: search.length > 0 });
  const groups = useQuery(allGroupsQuery(api));
  const applications = useQuery(applicationsQuery(api));
  const needle = typed.trim().toLowerCase();
  const params = { slug: org.slug };
  const has = (label: string) => label.toLowerCase().includes(needle);
  const pages: Entry[] = sections
    .filter((section) => !("provider" in section) || session.admin.provider)
    .flatMap((section) =>
      section.pages.map((page) => ({
        key: page.to,
        group: "Go to",
        label: page.label,
        hint: section.title === "HOME" ? undefined : section.title,
        icon: page.icon,
        go: () => void navigate({ to: page.to, params }),
      })),
    );
  const readOnly = useReadOnly();
  const actions: Entry[] = [
    { label: "Add user", to: "/console/$slug/users/new" as const },
    { label: "Add user group", to: "/console/$slug/user-groups/new" as const },
    { label: "Add new application", to: "/console/$slug/sso-applications/add" as const },
    { label: "Add identity provider", to: "/console/$slug/identity-providers/add" as const },
  ].map(({ label, to }) => ({
    key: label,
    group: "Do",
    label,
    icon: IconPlus,
    go: () => void navigate({ to, params }),
  }));
  const still = [...pages, ...(readOnly ? [] : actions)].filter((entry) => has(entry.label));
  if (!needle) return still;
  const people: Entry[] = (users.data?.results ?? []).slice(0, SHOWN).map((user) => ({
    key: user._id,
    group: "Users",
    label: user.displayname || user.username,
    hint: user.email,
    icon: IconUser,
    go: () => void navigate({ to: "/console/$slug/users/$userId", params: { ...params, userId: user._id } }),
  }));
  const teams: Entry[] = (groups.data ?? [])
    .filter((group) => has(group.name))
    .slice(0, SHOWN)
    .map((group) => ({
      key: group.id,
      group: "User Groups",
      label: group.name,
      icon: IconUsersGroup,
      go: () => void navigate({ to: "/console/$slug/user-groups/$groupId", params: { ...params, groupId: group.id } }),
    }));
  const apps: Entry[] = (applications.data ?? [])
    .filter((application) => has(applicationName(application)))
    .slice(0, SHOWN)
    .map((application) => ({
      key: application._id,
      group: "SSO Applications",
      label: applicationName(application),
      icon: IconApps,
      go: () =>
        void navigate({
          to: "/console/$slug/sso-applications/$applicationId",
          params: { ...params, applicationId: application._id },
        }),
    }));
  const machines: Entry[] = (devices.data?.results ?? []).map((device) => ({
    key: device._id,
    group: "Devices",
    label: device.displayName ?? device._id,
    hint: device.serialNumber ?? undefined,
    icon: IconDeviceLaptop,
    go: () => void navigate({ to: "/console/$slug/devices/$deviceId", params: { ...params, deviceId: device._id } }),
  }));
  return [...still, ...people, ...teams, ...apps, ...machines];
}

function Palette({ close }: { close: () => void }) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const entries = useEntries(typed);
  const chosen = Math.min(at, entries.length - 1);
  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    entry.go();
  };
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && entries.length > 0) {
      event.preventDefault();
      const next = (chosen + step + entries.length) % entries.length;
      setAt(next);
      document.getElementById(`palette-${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(entries[chosen]);
    }
  };
  return (
    <>
      <TextInput
        data-autofocus
        variant="unstyled"
        size="md"
        px="md"
        py={4}
        role="combobox"
        aria-label="Search or jump to"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={entries.length > 0 ? `palette-${chosen}` : undefined}
        placeholder="Users, groups, applications, pages, actions"
        leftSection={<IconSearch size={18} aria-hidden />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <div className="palette__list" id="palette-list" role="listbox" aria-label="Results">
        {entries.length === 0 && <div className="quiet">Nothing matches “{typed}”.</div>}
        {entries.map((entry, index) => (
          <div key={entry.key} role="presentation">
            {entry.group !== entries[index - 1]?.group && (
              <div className="palette__group" role="presentation">
                {entry.group}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are on the field that keeps the focus */}
            <div
              id={`palette-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className="palette__item"
              onMouseMove={() => setAt(index)}
              onClick={() => choose(entry)}
            >
              <entry.icon size={17} />
              <span>{entry.label}</span>
              <span className="palette__hint">
                {entry.hint ?? (index === chosen ? <IconArrowRight size={14} /> : "")}
              </span>
            </div>
          </div>
        ))}
      </div>
    </>
  );
}
