import { Modal, Skeleton, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type GroupKind, reasonQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { MembershipReason } from "../../api/types.ts";
import { TextInput } from "../../ui/controls.tsx";
import { Failure, Note } from "../../ui/Note.tsx";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";
import { Via } from "./Via.tsx";

interface WhyProps {
  kind: GroupKind;
  group: { id: string; name: string };
  member: { id: string; name: string };
  onClose: () => void;
}

/** Why somebody is in a group, or is not: now, or on a day in the past. */
export function Why({ kind, group, member, onClose }: WhyProps) {
  const { api } = useOrg();
  const [day, setDay] = useState("");
  const [at] = useDebouncedValue(day, 300);
  const reason = useQuery(reasonQuery(api, group.id, member.id, kind, at ? `${at}T23:59:59Z` : ""));
  return (
    <Modal opened onClose={onClose} size="lg" title={`Is ${member.name} in ${group.name}, and why?`}>
      <TextInput
        reads
        type="date"
        label="On the day"
        description="Leave it empty for now; else the end of that day (UTC)."
        value={day}
        max={new Date().toISOString().slice(0, 10)}
        onChange={(event) => setDay(event.currentTarget.value)}
        maw={240}
        mb={16}
      />
      <Failure error={reason.error} retry={() => void reason.refetch()} />
      {reason.data ? <Told reason={reason.data} /> : !reason.error && <Skeleton height={180} />}
    </Modal>
  );
}

function Told({ reason }: { reason: MembershipReason }) {
  return (
    <section aria-label="Why" aria-live="polite">
      <Text fw={600}>{reason.sentence}.</Text>
      {reason.memberQueryErrorFlags.length > 0 && (
        <Text size="sm" c="dimmed">
          {reason.memberQueryErrorFlags.join(", ")}
        </Text>
      )}
      {reason.cannotBeTold.length > 0 && (
        <Note tone="warn">Not everything of that day is kept: {reason.cannotBeTold.join("; ")}.</Note>
      )}
      <Clauses title="The rule" outcome={reason.memberQuery} />
      <Clauses title="Kept out by" outcome={reason.excludeQuery} />
      {reason.exemption && (
        <Text size="sm" mt={12}>
          Exemption ({reason.exemption.mode}): {reason.exemption.reason || "no reason was given"}
          {reason.exemption.until && `, until ${reason.exemption.until.slice(0, 10)}`}
        </Text>
      )}
      {reason.history.length > 0 && (
        <>
          <Title order={4} fz={14} mt={16} mb={6}>
            History
          </Title>
          <ul className="why">
            {reason.history.map((one) => (
              <li key={one.since}>
                <Via via={one.via} /> since <Ago at={one.since} />
                {one.beganBy && ` (${cause(one.beganBy)})`}
                {one.until && (
                  <>
                    , until <Ago at={one.until} />
                    {one.endedBy && ` (${cause(one.endedBy)})`}
                  </>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Clauses({ title, outcome }: { title: string; outcome: MembershipReason["memberQuery"] }) {
  if (!outcome) return null;
  return (
    <>
      <Title order={4} fz={14} mt={16} mb={6}>
        {title}
      </Title>
      <ul className="why">
        {outcome.clauses.map((clause, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the clauses of a rule have no other name than their place
          <li key={index}>
            <Status tone={clause.matched ? "ok" : "muted"}>{clause.matched ? "True" : "False"}</Status> {clause.text}
            <span className="table__sub">{clause.saw ? `It is “${clause.saw}”.` : "It has no value."}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

type Cause = NonNullable<MembershipReason["history"][number]["beganBy"]>;

const words: Record<string, string> = {
  user_create: "the person was added",
  user_update: "the person changed",
  user_activated: "the person was activated",
  user_suspended: "the person was suspended",
  user_delete: "the person was removed",
  system_create: "the device was added",
  system_update: "the device changed",
  group_create: "the group was made",
  group_update: "the group changed",
  group_delete: "a group was removed",
  association_change: "by hand",
  group_members_due: "time passed",
};

function cause(of: Cause): string {
  const fields = Object.keys((of.fields ?? {}) as object).slice(0, 3);
  const what = words[of.event] ?? of.event;
  const named = of.event.endsWith("_update") && fields.length > 0 ? `: ${fields.join(", ")}` : "";
  return `${what}${named}, by ${of.actorType.replace("_", " ")}`;
}
