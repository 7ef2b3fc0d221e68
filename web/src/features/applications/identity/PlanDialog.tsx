import { Group, Modal } from "@mantine/core";
import { useState } from "react";
import type { PlanAction, ProvisionPlan, ProvisionPlanItem } from "../../../api/types.ts";
import { Button } from "../../../ui/controls.tsx";
import { DataTable } from "../../../ui/DataTable.tsx";
import { Decide } from "../../../ui/Decide.tsx";
import { FilterChip } from "../../../ui/FilterChip.tsx";
import { Failure, Note, sentence } from "../../../ui/Note.tsx";
import { Status } from "../../../ui/Status.tsx";
import { choicesOf } from "./choices.ts";
import { ObjectName } from "./ObjectName.tsx";
import { PickAccount, type Whom } from "./PickAccount.tsx";
import { ReadingProgress } from "./ReadingProgress.tsx";
import type { Asked, Provisioning } from "./useProvision.tsx";
import { actionOf, actionOrder, actionWords, planLines, shown } from "./words.ts";

const titles: Record<Asked["verb"], string> = {
  activate: "What activation does",
  save: "What this change does",
  look: "Preview",
};

/** What would happen in the application, before it happens. */
export function PlanDialog({ provisioning }: { provisioning: Provisioning }) {
  const { asked, forget, busy, reading } = provisioning;
  // What was asked stays readable while the dialog fades.
  const [last, setLast] = useState(asked);
  if (asked && asked !== last) setLast(asked);
  const [whom, setWhom] = useState<Whom | null>(null);
  return (
    <Modal
      opened={asked !== null}
      onClose={forget}
      title={last ? titles[last.verb] : ""}
      size={820}
      closeOnEscape={!whom}
    >
      {last?.plan && <Plan plan={last.plan} provisioning={provisioning} onPick={setWhom} />}
      {last && !last.plan && !last.problem && reading && <ReadingProgress reading={reading} />}
      {last && !last.plan && Boolean(last.problem) && (
        <>
          <Failure error={last.problem} />
          {last.verb !== "look" && (
            <p>
              So nobody knows yet what it would do there. It can go ahead all the same: whoever has an account there is
              found and adopted, and the delete guard holds.
            </p>
          )}
        </>
      )}
      <PickAccount
        application={provisioning.application}
        whom={whom}
        busy={provisioning.deciding}
        onClose={() => setWhom(null)}
        onPick={(account) => {
          if (whom) {
            provisioning.decide({ kind: "user", id: whom.id, decision: "takeOver", remoteId: account.id });
          }
          setWhom(null);
        }}
      />
      {/* The plan stays readable while it is worked out again. */}
      {last?.plan && reading && <ReadingProgress reading={reading} />}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={forget} disabled={busy && !reading} data-autofocus>
          {last?.verb === "look" && !reading ? "Close" : "Cancel"}
        </Button>
        {last?.verb === "activate" && !reading && (
          <Button loading={busy} onClick={() => provisioning.activate(true)}>
            Approve and activate
          </Button>
        )}
        {last?.verb === "save" && !reading && (
          <Button loading={busy} onClick={() => provisioning.save(true)}>
            Approve and save
          </Button>
        )}
      </Group>
    </Modal>
  );
}

interface PlanProps {
  plan: ProvisionPlan;
  provisioning: Provisioning;
  onPick: (whom: Whom) => void;
}

function Plan({ plan, provisioning, onPick }: PlanProps) {
  const [only, setOnly] = useState<string | undefined>();
  const lines = planLines(plan);
  const pick = ({ id, name }: Whom) => ({
    label: "Choose the account there…",
    disabled: provisioning.connectsElsewhere ? "Save the connection first" : undefined,
    onClick: () => provisioning.keep(() => onPick({ id, name })),
  });
  const order = (one: ProvisionPlanItem) => actionOrder.indexOf(one.action as PlanAction);
  const items = plan.items
    .filter((one) => (only ? one.action === only : one.action !== "none" || one.decision))
    .sort((a, b) => order(a) - order(b));
  return (
    <>
      {lines.length === 0 && (
        <p>Nobody is meant to have an account there yet. Bind a user group, and its members get one.</p>
      )}
      <ul className="plan" aria-label="Plan in numbers">
        {lines.map((line) => (
          <li key={line.action} className="plan__line">
            <Status tone={actionWords[line.action].tone}>{actionWords[line.action].label}</Status>
            <span>{line.text}</span>
          </li>
        ))}
      </ul>
      {plan.guarded && (
        <Note tone="warn">
          More accounts would be closed than the delete guard lets through. They are held until they are approved.
        </Note>
      )}
      {plan.items.length > 0 && (
        <>
          <div className="tools">
            <FilterChip
              label="Action"
              value={only}
              choices={lines.map(({ action }) => ({ value: action, label: actionWords[action].label }))}
              onChange={setOnly}
            />
          </div>
          <div className="plan__items">
            <DataTable<ProvisionPlanItem>
              label="Plan"
              rows={items.slice(0, 200)}
              id={(one) => `${one.kind} ${one.id ?? one.name}`}
              empty="Nothing to do."
              columns={[
                {
                  key: "name",
                  label: "Name",
                  kind: "lead",
                  render: (one) => <ObjectName name={one.name} kind={one.kind} />,
                },
                {
                  key: "action",
                  label: "Action",
                  kind: "tight",
                  render: (one) => <Status tone={actionOf(one.action).tone}>{actionOf(one.action).label}</Status>,
                },
                {
                  key: "why",
                  label: "Why",
                  render: (one) => (
                    <span className="identity__lines">
                      {sentence(one.why)}
                      {one.action === "update" || one.action === "adopt"
                        ? one.fields.map((field) => (
                            <span key={field.name} className="table__sub">
                              {field.name}: {shown(field.from)} → {shown(field.to)}
                            </span>
                          ))
                        : null}
                    </span>
                  ),
                },
                {
                  key: "decide",
                  label: "Decision",
                  kind: "tail",
                  render: (one) => (
                    <Decide
                      name={one.name}
                      decided={Boolean(one.decision)}
                      choices={choicesOf(one)}
                      busy={provisioning.deciding}
                      more={one.kind === "user" ? pick(one) : undefined}
                      onChoose={(choice) => provisioning.decide({ kind: one.kind, id: one.id, ...choice })}
                    />
                  ),
                },
              ]}
            />
          </div>
          {items.length > 200 && <p className="section__help">The first 200 of {items.length.toLocaleString()}.</p>}
        </>
      )}
    </>
  );
}
