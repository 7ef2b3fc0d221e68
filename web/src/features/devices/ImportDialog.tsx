import { FileButton, Group, Modal, Text } from "@mantine/core";
import { IconFile } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { importDevices } from "../../api/devices.ts";
import { useOrg } from "../../api/org.tsx";
import type { DeviceImportRow } from "../../api/types.ts";
import { Button } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Failure, Note } from "../../ui/Note.tsx";
import { Status, type StatusTone } from "../../ui/Status.tsx";
import { fileProblem, type ImportFile, importFile, summary } from "./importFile.ts";

const tones: Record<DeviceImportRow["outcome"], { tone: StatusTone; word: string }> = {
  created: { tone: "ok", word: "Created" },
  updated: { tone: "ok", word: "Updated" },
  unchanged: { tone: "muted", word: "Unchanged" },
  refused: { tone: "bad", word: "Refused" },
};

/** Takes in devices from a file, and tells what became of each row. */
export function ImportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { api } = useOrg();
  const client = useQueryClient();
  const [file, setFile] = useState<ImportFile | null>(null);
  const [problem, setProblem] = useState<string | undefined>();
  const send = useMutation({
    mutationFn: (chosen: ImportFile) => importDevices(api, chosen),
    onSuccess: () => {
      for (const kind of ["devices", "device", "user"]) void client.invalidateQueries({ queryKey: [api.orgId, kind] });
    },
  });
  const choose = async (chosen: File | null) => {
    if (!chosen) return;
    send.reset();
    const text = await chosen.text();
    setProblem(fileProblem(chosen.size, text));
    setFile(importFile(chosen.name, text));
  };
  const close = () => {
    setFile(null);
    setProblem(undefined);
    send.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Import devices" size={680}>
      {send.data ? (
        <>
          <Note tone={send.data.refused > 0 ? "warn" : "ok"}>{summary(send.data)}.</Note>
          <Rows rows={send.data.results} />
        </>
      ) : (
        <>
          <Text size="sm" mb="sm">
            A list as JumpCloud's API gives it (JSON), or a table saved as CSV. The first line of a CSV names the
            columns:
          </Text>
          <Text size="sm" mb="sm" component="p" ff="monospace" style={{ overflowWrap: "anywhere" }}>
            displayName, serialNumber, os, version, owner, fde.active, lastContact, attributes.site
          </Text>
          <Text size="sm" c="dimmed" mb="md">
            A device that is here already, by its <code>_id</code> or its serial number, is brought up to date. The
            owner is an e-mail or a username. Rows that are wrong are left out and listed with the reason.
          </Text>
          <Failure error={send.error} />
          {problem && <Note tone="bad">{problem}</Note>}
          <Group gap={10}>
            <FileButton
              onChange={(chosen) => void choose(chosen)}
              accept=".csv,.json,text/csv,application/json"
              inputProps={{ "aria-label": "File of devices" }}
            >
              {(props) => (
                <Button variant="default" leftSection={<IconFile size={16} aria-hidden />} {...props}>
                  {file ? "Choose another file" : "Choose a file"}
                </Button>
              )}
            </FileButton>
            {file && <Text size="sm">{file.name}</Text>}
          </Group>
        </>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={close}>
          {send.data ? "Close" : "Cancel"}
        </Button>
        {!send.data && (
          <Button
            disabled={!file || problem !== undefined}
            loading={send.isPending}
            onClick={() => file && send.mutate(file)}
          >
            Import
          </Button>
        )}
      </Group>
    </Modal>
  );
}

/** What is wrong stands first. */
function Rows({ rows }: { rows: DeviceImportRow[] }) {
  const sorted = [...rows].sort((a, b) => Number(b.outcome === "refused") - Number(a.outcome === "refused"));
  return (
    <DataTable<DeviceImportRow>
      label="Result per row"
      rows={sorted.slice(0, 200)}
      id={(row) => String(row.row)}
      columns={[
        {
          key: "name",
          label: "Device",
          kind: "lead",
          render: (row) => (
            <span>
              {row.name ?? `Row ${row.row}`}
              {[...row.fields.map((field) => `${field.field}: ${field.message}`), ...row.warnings].map((line) => (
                <span key={line} className="table__sub">
                  {line}
                </span>
              ))}
            </span>
          ),
        },
        { key: "row", label: "Row", kind: "num", render: (row) => row.row },
        {
          key: "outcome",
          label: "Result",
          kind: "tight",
          render: (row) => <Status tone={tones[row.outcome].tone}>{tones[row.outcome].word}</Status>,
        },
      ]}
    />
  );
}
