import { Combobox, useCombobox } from "@mantine/core";
import { IconCheck, IconSelector } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useOrg } from "../api/org.tsx";
import { Logo } from "../ui/Logo.tsx";

/** Which organization this tab works in; others are a search away. */
export function SwitchOrganization() {
  const { org, session } = useOrg();
  const navigate = useNavigate();
  const [search, setSearch] = useState("");
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      combobox.focusTarget();
      setSearch("");
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const current = (
    <>
      <Logo url={org.logoUrl} name={org.displayName} size={24} />
      <span className="switcher__name">{org.displayName}</span>
    </>
  );
  const needle = search.trim().toLowerCase();
  const found = session.organizations.filter((one) => one.displayName.toLowerCase().includes(needle)).slice(0, 50);
  return (
    <Combobox
      store={combobox}
      width={300}
      position="bottom-start"
      transitionProps={{ duration: 0 }}
      onOptionSubmit={(slug) => {
        combobox.closeDropdown();
        void navigate({ to: "/console/$slug", params: { slug } });
      }}
    >
      <Combobox.Target withAriaAttributes={false}>
        <button
          type="button"
          className="switcher"
          aria-haspopup="listbox"
          aria-expanded={combobox.dropdownOpened}
          onClick={() => combobox.toggleDropdown()}
        >
          {current}
          <span className="m-visually-hidden">Switch organization</span>
          <IconSelector size={16} aria-hidden />
        </button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          aria-label="Search organizations"
          placeholder="Search organizations"
        />
        <Combobox.Options mah={320} style={{ overflowY: "auto" }} aria-label="Organizations">
          {found.length === 0 && <Combobox.Empty>No organization of that name</Combobox.Empty>}
          {found.map((one) => (
            <Combobox.Option key={one.id} value={one.slug} active={one.id === org.id}>
              <span style={{ display: "flex", alignItems: "center", gap: 8 }}>
                <Logo url={one.logoUrl} name={one.displayName} size={22} />
                <span className="switcher__name">{one.displayName}</span>
                {one.id === org.id && <IconCheck size={14} style={{ marginLeft: "auto" }} aria-label="open" />}
              </span>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
