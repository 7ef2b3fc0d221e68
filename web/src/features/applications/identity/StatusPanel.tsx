import { Progress, Skeleton } from "@mantine/core";
import { IconCheck, IconPlayerPause, IconPlayerPlay, IconPower } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useOrg } from "../../../api/org.tsx";
import { changeProvision, type ProvisionVerb, provisionQuery, provisionStatusQuery } from "../../../api/provision.ts";
import type { Application, ProvisionStatus } from "../../../api/types.ts";
import { useConfirm } from "../../../ui/Confirm.tsx";
import { Button } from "../../../ui/controls.tsx";
import { Failure, Note } from "../../../ui/Note.tsx";
import { done, failed } from "../../../ui/notify.ts";
import { Status } from "../../../ui/Status.tsx";
import { Ago } from "../../../ui/time.tsx";
import { lagText, stateWords, whole } from "./words.ts";

interface StatusPanelProps {
  application: Application;
  onState: (state: string) => void;
}

/** How far the application is in step, and what can be done about it. */
export function StatusPanel({ application, onState }: StatusPanelProps) {
  const { api } = useOrg();
  const status = useQuery(provisionStatusQuery(api, application._id));
  if (!status.data) {
    return status.error ? (
      <Failure error={status.error} retry={() => void status.refetch()} />
    ) : (
      <Skeleton height={168} mb={20} aria-busy="true" />
    );
  }
  return <Shown application={application} status={status.data} onState={onState} />;
}

const numbers = [
  { key: "inStep", label: "In step", tone: "ok" },
  { key: "waiting", label: "Waiting", tone: "muted" },
  { key: "failing", label: "Failing", tone: "bad" },
  { key: "held", label: "Held", tone: "warn" },
] as const;

const stateOf = { inStep: "in step", waiting: "waiting", failing: "failing", held: "held" } as const;

function Shown({ application, status, onState }: StatusPanelProps & { status: ProvisionStatus }) {
  const words = stateWords[status.state];
  const busy = status.total > 0 && status.done < status.total;
  return (
    <section className="panel" aria-label="Provisioning status">
      <div className="panel__head">
        <div>
          <Status tone={words.tone}>{words.label}</Status>
          <p className="section__help" aria-live="polite">
            {busy
              ? `${status.done.toLocaleString()} of ${status.total.toLocaleString()} in step. ${words.help}`
              : words.help}
          </p>
        </div>
        <Actions application={application} status={status} />
      </div>
      {status.lastError && status.state !== "running" && (
        <Note tone={status.state === "unreachable" ? "bad" : "warn"}>
          {whole(status.lastError)}
          {status.nextTry && (
            <>
              {" "}
              Next try: <Ago at={status.nextTry} />
            </>
          )}
        </Note>
      )}
      <div className="numbers">
        {numbers.map(({ key, label, tone }) => (
          <button
            key={key}
            type="button"
            className="numbers__one"
            data-tone={status.counts[key] > 0 ? tone : undefined}
            onClick={() => onState(stateOf[key])}
          >
            <span className="numbers__count">{status.counts[key].toLocaleString()}</span>
            <span className="numbers__label">{label}</span>
          </button>
        ))}
        <div className="numbers__one">
          <span className="numbers__count">{status.lag ? lagText(status.lag.p50_ms) : "—"}</span>
          <span className="numbers__label">
            {status.lag ? `Change to sent; 99 % in ${lagText(status.lag.p99_ms)}` : "Change to sent"}
          </span>
        </div>
      </div>
      {status.checked && <Checked checked={status.checked} />}
      <div className="panel__progress">
        {busy && (
          <Progress
            size={4}
            value={(100 * status.done) / status.total}
            aria-label="Accounts and groups in step"
            transitionDuration={150}
          />
        )}
      </div>
    </section>
  );
}

/** What the daily reading found, where repair is automatic. */
function Checked({ checked: { at, found, error } }: { checked: NonNullable<ProvisionStatus["checked"]> }) {
  const words =
    error ?? (found === 0 ? "nothing had changed there" : `${found.toLocaleString()} changed there, sent again`);
  return (
    <p className="section__help">
      Read <Ago at={at} />: {words}.
    </p>
  );
}

function Actions({ application, status }: { application: Application; status: ProvisionStatus }) {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const id = application._id;
  const change = useMutation({
    mutationFn: (verb: ProvisionVerb) => changeProvision(api, id, verb),
    onSuccess: (saved, verb) => {
      if (verb === "deactivate" || verb === "activate") {
        client.setQueryData([...provisionQuery(api, id).queryKey], () => saved);
      }
      void client.invalidateQueries({ queryKey: provisionQuery(api, id).queryKey });
      done(said[verb]);
    },
    onError: failed,
  });
  const approve = async () => {
    const count = status.counts.held;
    const yes = await confirm({
      title: "Let the held changes go?",
      body:
        count === 1
          ? `1 change goes to ${application.displayLabel}: an account is closed, or what has the same name there is taken over.`
          : `${count.toLocaleString()} changes go to ${application.displayLabel}: accounts are closed, and what has the same name there is taken over.`,
      confirm: "Approve",
      danger: true,
    });
    if (yes) change.mutate("approve");
  };
  const deactivate = async () => {
    const yes = await confirm({
      title: `Stop sending accounts to ${application.displayLabel}?`,
      body: `Nothing is closed there: ${status.total.toLocaleString()} accounts and groups stay as they are now, and no change here reaches them. It can be activated again and then catches up.`,
      confirm: "Deactivate",
      danger: true,
    });
    if (yes) change.mutate("deactivate");
  };
  return (
    <div className="buttons">
      {status.state === "held" && (
        <Button leftSection={<IconCheck size={16} aria-hidden />} onClick={() => void approve()}>
          Approve
        </Button>
      )}
      {status.state === "paused" ? (
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={change.isPending}
          onClick={() => change.mutate("resume")}
        >
          Resume
        </Button>
      ) : (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} aria-hidden />}
          loading={change.isPending}
          onClick={() => change.mutate("pause")}
        >
          Pause
        </Button>
      )}
      <Button variant="default" leftSection={<IconPower size={16} aria-hidden />} onClick={() => void deactivate()}>
        Deactivate
      </Button>
    </div>
  );
}

const said: Record<ProvisionVerb, string> = {
  activate: "Provisioning is active.",
  deactivate: "No account is sent to the application any more.",
  pause: "Paused: changes are gathered.",
  resume: "Resumed: what was gathered is sent.",
  approve: "Approved: what was held is sent.",
};
