import { IconDeviceLaptop, IconFileImport } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { DEVICES_PER_PAGE, devicesQuery } from "../../api/devices.ts";
import { useOrg } from "../../api/org.tsx";
import type { Device } from "../../api/types.ts";
import { Button } from "../../ui/controls.tsx";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { ExpressionChip } from "../../ui/ExpressionChip.tsx";
import { FilterChip } from "../../ui/FilterChip.tsx";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { Page } from "../../ui/Page.tsx";
import { Pager } from "../../ui/Pager.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Ago } from "../../ui/time.tsx";
import { ExpressionFilter } from "../groups/ExpressionFilter.tsx";
import { DeviceMenu } from "./DeviceMenu.tsx";
import { ImportDialog } from "./ImportDialog.tsx";
import { deviceName, EncryptionBadge, families, osName } from "./words.tsx";

const route = getRouteApi("/console/$slug/devices");

export function DeviceList() {
  const { api, org } = useOrg();
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/console/$slug/devices" });
  const [writing, setWriting] = useState(Boolean(search.expression));
  const [importing, setImporting] = useState(false);
  const devices = useQuery(devicesQuery(api, search));
  const filtered = Boolean(search.search || search.family || search.encryption || search.expression);
  const change = useCallback(
    (patch: Partial<typeof search>) =>
      void navigate({ search: (before) => ({ ...before, page: undefined, ...patch }), replace: true }),
    [navigate],
  );
  const onSearch = useCallback((text: string) => change({ search: text || undefined }), [change]);
  const columns: Column<Device>[] = [
    {
      key: "name",
      label: "Name",
      kind: "lead",
      render: (device) => (
        <Link
          className="table__main"
          to="/console/$slug/devices/$deviceId"
          params={{ slug: org.slug, deviceId: device._id }}
        >
          <span className="cut">{deviceName(device)}</span>
          {device.hostname && device.hostname !== device.displayName && (
            <span className="table__sub cut">{device.hostname}</span>
          )}
        </Link>
      ),
    },
    { key: "os", label: "OS", render: (device) => <span className="cut">{osName(device)}</span> },
    {
      key: "owner",
      label: "Owner",
      render: (device) =>
        device.primarySystemUser && (
          <Link
            to="/console/$slug/users/$userId"
            params={{ slug: org.slug, userId: device.primarySystemUser.id }}
            className="cut"
          >
            {device.primarySystemUser.displayname}
          </Link>
        ),
    },
    {
      key: "encryption",
      label: "Disk encryption",
      kind: "tight",
      render: (device) => <EncryptionBadge device={device} />,
    },
    { key: "contact", label: "Last Contact", kind: "tight", render: (device) => <Ago at={device.lastContact} /> },
    { key: "serial", label: "Serial Number", render: (device) => <span className="cut">{device.serialNumber}</span> },
    { key: "actions", label: "Actions", kind: "tail", render: (device) => <DeviceMenu device={device} /> },
  ];
  const importButton = (label: string) => (
    <Button leftSection={<IconFileImport size={16} aria-hidden />} onClick={() => setImporting(true)}>
      {label}
    </Button>
  );
  const none = devices.data?.totalCount === 0 && !filtered;
  return (
    <Page title="Devices" count={devices.data?.totalCount} actions={!none && importButton("Import devices")}>
      {none ? (
        <Empty
          icon={<IconDeviceLaptop size={24} />}
          title="No devices yet"
          text="Import the devices you have: a list from JumpCloud's API, or a spreadsheet saved as CSV. Later an agent will bring each device here by itself."
          action={importButton("Import devices")}
        />
      ) : (
        <>
          <div className="tools">
            <SearchField label="Search devices" value={search.search ?? ""} onChange={onSearch} delay_ms={200} />
            <FilterChip label="OS" value={search.family} choices={families} onChange={(family) => change({ family })} />
            <FilterChip
              label="Disk encryption"
              value={search.encryption}
              choices={[
                { value: "on", label: "Encrypted" },
                { value: "off", label: "Not encrypted" },
              ]}
              onChange={(encryption) => change({ encryption })}
            />
            <ExpressionChip value={search.expression} open={writing} onToggle={() => setWriting(!writing)} />
          </div>
          {writing && (
            <ExpressionFilter
              kind="device"
              value={search.expression}
              error={fieldError(devices.error, "expression")}
              onChange={(expression) => change({ expression })}
              onClose={() => setWriting(false)}
            />
          )}
          <Failure error={devices.error} known={writing ? ["expression"] : []} retry={() => void devices.refetch()} />
          <DataTable
            label="Devices"
            columns={columns}
            rows={devices.data?.results}
            id={(device) => device._id}
            name={deviceName}
            open={(device) =>
              void navigate({
                to: "/console/$slug/devices/$deviceId",
                params: { slug: org.slug, deviceId: device._id },
                search: {},
              })
            }
            empty="No device matches. Clear the search or a filter to see more."
          />
          <Pager
            page={search.page ?? 0}
            size={DEVICES_PER_PAGE}
            total={devices.data?.totalCount}
            onPage={(page) => change({ page: page || undefined })}
          />
        </>
      )}
      <ImportDialog opened={importing} onClose={() => setImporting(false)} />
    </Page>
  );
}
