import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useOrg } from "../../api/org.tsx";
import type { Device } from "../../api/types.ts";
import { TextInput } from "../../ui/controls.tsx";
import { Switch } from "../../ui/fields/frequent.tsx";
import { Note } from "../../ui/Note.tsx";
import { Section } from "../../ui/Page.tsx";
import { PairRows } from "../../ui/PairRows.tsx";
import { Ago } from "../../ui/time.tsx";
import { type DeviceDraft, settings } from "./form.ts";
import { EncryptionBadge, osName } from "./words.tsx";

interface DeviceFormProps {
  device: Device;
  draft: DeviceDraft;
  set: (patch: Partial<DeviceDraft>) => void;
  error: (field: string) => string | undefined;
}

/** What an administrator sets on a device, and below it what the device is. */
export function DeviceForm({ device, draft, set, error }: DeviceFormProps) {
  const attributes = error("attributes");
  return (
    <>
      <Section title="Device" help="The name is yours to choose; without one the hostname stands in.">
        <div className="fields">
          <TextInput
            className="span2"
            label="Display Name"
            name="displayName"
            value={draft.displayName}
            maxLength={255}
            autoComplete="off"
            error={error("displayName")}
            onChange={(event) => set({ displayName: event.currentTarget.value })}
          />
        </div>
      </Section>
      <Section title="About the device" help="What was imported, and later what the agent reports.">
        <Facts device={device} />
      </Section>
      <Section title="Settings" help="Kept with the record; the agent will bring them onto the device.">
        {settings.map(({ name, label, help }) => (
          <Switch
            key={name}
            mb={12}
            label={label}
            description={help}
            checked={draft[name]}
            onChange={(event) => set({ [name]: event.currentTarget.checked })}
          />
        ))}
      </Section>
      <Section title="Custom Attributes" help="Names and values of your own, to search and to write rules with.">
        {attributes && <Note tone="bad">{attributes}</Note>}
        <PairRows
          label="Attribute"
          nameLabel="Attribute Name"
          valueLabel="Attribute Value"
          addLabel="Add attribute"
          rows={draft.attributes}
          onChange={(rows) => set({ attributes: rows })}
        />
      </Section>
    </>
  );
}

function yes(value: boolean | null | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  return value ? "Yes" : "No";
}

/** What is known; what is not is left out. */
function Facts({ device }: { device: Device }) {
  const { org } = useOrg();
  const owner = device.primarySystemUser;
  const rows: [string, ReactNode][] = [
    [
      "Owner",
      owner && (
        <Link to="/console/$slug/users/$userId" params={{ slug: org.slug, userId: owner.id }}>
          {owner.displayname}
        </Link>
      ),
    ],
    ["Hostname", device.hostname],
    ["Operating system", osName(device)],
    ["Architecture", device.arch],
    ["Serial Number", device.serialNumber],
    ["Vendor", device.hwVendor],
    ["Disk encryption", <EncryptionBadge key="encryption" device={device} />],
    ["Recovery key present", yes(device.fde?.keyPresent)],
    ["Agent version", device.agentVersion],
    ["Remote IP", device.remoteIP],
    ["Domain", device.domainInfo?.domainName],
    ["MDM", device.mdm?.vendor],
    ["Description", device.description],
    ["Last Contact", <Ago key="contact" at={device.lastContact} />],
    ["Created", <Ago key="created" at={device.created} />],
  ];
  return (
    <dl className="facts">
      {rows.map(
        ([label, value]) =>
          value && (
            <div key={label} style={{ display: "contents" }}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
