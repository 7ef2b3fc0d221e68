import { Group } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { deviceChanges } from "../../api/devices.ts";
import { useOrg } from "../../api/org.tsx";
import type { Device, DeviceChange } from "../../api/types.ts";
import { Button } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Failure } from "../../ui/Note.tsx";
import { Ago } from "../../ui/time.tsx";
import { type Line, lines, title } from "./change.ts";

const actors: Record<string, string> = {
  admin: "An administrator",
  service_account: "A service account",
  command_line: "The command line",
  system: "Muster",
  user: "A user",
  federation: "An identity provider",
};

function said(line: Line): string {
  if (line.from !== undefined && line.to !== undefined) return `${line.what}: ${line.from} → ${line.to}`;
  if (line.to !== undefined) return `${line.what}: ${line.to}`;
  return line.from === undefined ? line.what : `${line.what}: ${line.from} removed`;
}

/** What happened with a device and by whom, the newest first. */
export function DeviceActivity({ device }: { device: Device }) {
  const { api } = useOrg();
  const changes = useInfiniteQuery({
    queryKey: [api.orgId, "device", device._id, "changes"],
    queryFn: ({ pageParam }) => deviceChanges(api, device._id, pageParam),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => last.before ?? undefined,
  });
  const people = Object.assign({}, ...(changes.data?.pages.map((page) => page.people) ?? [])) as Record<string, string>;
  return (
    <div className="tab-body">
      <Failure error={changes.error} retry={() => void changes.refetch()} />
      <DataTable<DeviceChange>
        label="Changes of this device"
        expected={4}
        rows={changes.data?.pages.flatMap((page) => page.results)}
        id={(change) => String(change.seq)}
        empty="Nothing yet."
        columns={[
          {
            key: "what",
            label: "What happened",
            kind: "lead",
            render: (change) => (
              <span>
                {title(change, people)}
                {lines(change, people).map((line) => (
                  <span key={line.what} className="table__sub">
                    {said(line)}
                  </span>
                ))}
              </span>
            ),
          },
          { key: "who", label: "By", render: (change) => change.actor ?? actors[change.actorType] ?? change.actorType },
          { key: "at", label: "When", kind: "tight", render: (change) => <Ago at={change.at} /> },
        ]}
      />
      {changes.hasNextPage && (
        <Group justify="center" mt={12}>
          <Button
            reads
            variant="default"
            loading={changes.isFetchingNextPage}
            onClick={() => void changes.fetchNextPage()}
          >
            Show older
          </Button>
        </Group>
      )}
    </div>
  );
}
