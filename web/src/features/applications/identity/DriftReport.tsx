import { IconGitCompare } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useOrg } from "../../../api/org.tsx";
import { readDrift, repairDrift } from "../../../api/provision.ts";
import { Stopped } from "../../../api/readings.ts";
import type { Application, Drift, DriftItem } from "../../../api/types.ts";
import { useConfirm } from "../../../ui/Confirm.tsx";
import { Button } from "../../../ui/controls.tsx";
import { DataTable } from "../../../ui/DataTable.tsx";
import { Empty } from "../../../ui/Empty.tsx";
import { Failure, Note, sentence } from "../../../ui/Note.tsx";
import { done, failed } from "../../../ui/notify.ts";
import { Ago } from "../../../ui/time.tsx";
import { ObjectName } from "./ObjectName.tsx";
import { ReadingProgress } from "./ReadingProgress.tsx";
import { useReading } from "./useReading.ts";
import { driftWords, shown } from "./words.ts";

/** Rows that are listed; what differs is among them. */
const SHOWN = 500;

/** What differs in the application from what was sent to it. */
export function DriftReport({ application, active }: { application: Application; active: boolean }) {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const { reading, read, cancel } = useReading(application._id);
  const report = useMutation({
    mutationFn: () => read<Drift>((signal) => readDrift(api, application._id, signal)),
  });
  const repair = useMutation({
    mutationFn: () => read<unknown>((signal) => repairDrift(api, application._id, signal)),
    onSuccess: () => {
      report.reset();
      void client.invalidateQueries({ queryKey: [api.orgId, "application", application._id, "provision"] });
      done("The repair is on its way. Compare again to see the result.");
    },
    onError: (error) => {
      if (!(error instanceof Stopped)) failed(error);
    },
  });
  const ask = async (items: DriftItem[]) => {
    const count = items.length === 1 ? "1 account or group" : `${items.length.toLocaleString()} accounts and groups`;
    const yes = await confirm({
      title: "Repair what differs?",
      body: `${count} in ${application.displayLabel} ${items.length === 1 ? "is" : "are"} set back to what it should be by the mapping. Changes made there by hand are overwritten.`,
      confirm: "Repair",
      danger: true,
    });
    if (yes) repair.mutate();
  };
  if (!report.data) {
    return (
      <>
        <Failure error={report.error instanceof Stopped ? null : report.error} />
        <Empty
          icon={<IconGitCompare size={24} />}
          title="Compare with the application"
          text={
            active
              ? "Reads every account there and compares three ways: what it should be, what it is, and what was sent last. Nothing is changed."
              : "Reads every account there and compares. It tells more once Identity Management is active. Nothing is changed."
          }
          action={
            reading ? (
              <ReadingProgress reading={reading} onCancel={cancel} />
            ) : (
              <Button loading={report.isPending} onClick={() => report.mutate()}>
                Compare now
              </Button>
            )
          }
        />
      </>
    );
  }
  const { items, checkedAt } = report.data;
  // What nobody here is linked to is told, and left alone: after what differs.
  const ours = items.filter((one) => one.id);
  const rows = [...ours, ...items.filter((one) => !one.id)];
  return (
    <section aria-label="Drift">
      <Note tone={ours.length === 0 ? "ok" : "warn"}>
        {driftWords(ours.length, items.length - ours.length)} Compared <Ago at={checkedAt} />.
      </Note>
      <div className="buttons" style={{ marginBottom: 12 }}>
        {reading ? (
          <ReadingProgress reading={reading} onCancel={cancel} />
        ) : (
          <>
            <Button variant="default" loading={report.isPending} onClick={() => report.mutate()}>
              Compare again
            </Button>
            {ours.length > 0 && (
              <Button loading={repair.isPending} disabled={!active} onClick={() => void ask(ours)}>
                Repair
              </Button>
            )}
          </>
        )}
      </div>
      {items.length > 0 && (
        <DataTable<DriftItem>
          label="Drift"
          rows={rows.slice(0, SHOWN)}
          id={(one) => `${one.kind} ${one.id ?? ""} ${one.remoteId ?? one.name}`}
          columns={[
            {
              key: "name",
              label: "Name",
              kind: "lead",
              render: (one) => <ObjectName name={one.name} kind={one.kind} />,
            },
            { key: "finding", label: "Finding", render: (one) => sentence(one.finding) },
            {
              key: "fields",
              label: "What differs",
              render: (one) =>
                one.fields.length > 0 ? (
                  <span className="identity__lines">
                    {one.fields.map((field) => (
                      <span key={field.name} className="drift">
                        <span className="drift__name">{field.name}</span>
                        <Value of="Here" is={field.ours} />
                        <Value of="There" is={field.theirs} />
                        <Value of="Sent" is={field.sent} />
                      </span>
                    ))}
                  </span>
                ) : null,
            },
          ]}
        />
      )}
      {rows.length > SHOWN && (
        <p className="section__help">
          The first {SHOWN} of {rows.length.toLocaleString()}.
        </p>
      )}
    </section>
  );
}

function Value({ of, is }: { of: string; is: string | null | undefined }) {
  return (
    <span className="drift__value">
      <span>{of}</span> <span>{shown(is)}</span>
    </span>
  );
}
