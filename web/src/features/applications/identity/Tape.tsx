import { Drawer, Skeleton } from "@mantine/core";
import { IconLink, IconRefresh, IconRotate } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useOrg } from "../../../api/org.tsx";
import { decideObject, provisionTapeQuery, retryObject } from "../../../api/provision.ts";
import type { Application, ImportUser, ProvisionCall, ProvisionObject } from "../../../api/types.ts";
import { useConfirm } from "../../../ui/Confirm.tsx";
import { Button } from "../../../ui/controls.tsx";
import { Failure, Note, sentence } from "../../../ui/Note.tsx";
import { done, failed } from "../../../ui/notify.ts";
import { Status } from "../../../ui/Status.tsx";
import { Ago } from "../../../ui/time.tsx";
import { importName } from "./importWords.ts";
import { PickAccount } from "./PickAccount.tsx";
import { objectWords, pretty, whole } from "./words.ts";

interface TapeProps {
  application: Application;
  object: ProvisionObject | null;
  onClose: () => void;
}

/** The last calls about one account or group: what was asked, and what the application said. */
export function Tape({ application, object, onClose }: TapeProps) {
  // What was shown stays readable while the drawer slides away.
  const [last, setLast] = useState(object);
  if (object && object !== last) setLast(object);
  const [picking, setPicking] = useState(false);
  return (
    <Drawer
      opened={object !== null}
      onClose={onClose}
      title={last?.name ?? ""}
      position="right"
      size={640}
      closeOnEscape={!picking}
    >
      {last && <Content application={application} object={last} picking={picking} setPicking={setPicking} />}
    </Drawer>
  );
}

interface ContentProps {
  application: Application;
  object: ProvisionObject;
  picking: boolean;
  setPicking: (picking: boolean) => void;
}

function Content({ application, object, picking, setPicking }: ContentProps) {
  const { api, org } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const tape = useQuery(provisionTapeQuery(api, application._id, object));
  const again = useMutation({
    mutationFn: (how: "retry" | "resend") => retryObject(api, application._id, object, how),
    onSuccess: (_answer, how) => {
      void client.invalidateQueries({ queryKey: [api.orgId, "application", application._id, "provision"] });
      done(how === "retry" ? `${object.name} is tried again now.` : `${object.name} is sent again from scratch.`);
    },
    onError: failed,
  });
  const take = useMutation({
    mutationFn: (account: ImportUser) =>
      decideObject(api, application._id, {
        kind: "user",
        id: object.id,
        decision: "takeOver",
        remoteId: account.id,
      }),
    onSuccess: (_answer, account) => {
      void client.invalidateQueries({ queryKey: [api.orgId, "application", application._id] });
      setPicking(false);
      done(`The account ${account.username || importName(account)} is ${object.name}'s from now on.`);
    },
    onError: failed,
  });
  const resend = async () => {
    const yes = await confirm({
      title: `Send ${object.name} again from scratch?`,
      body: `What is known about it in ${application.displayLabel} is forgotten. It is looked for there, adopted or made, and every attribute is sent.`,
      confirm: "Send again",
    });
    if (yes) again.mutate("resend");
  };
  const now = tape.data ?? object;
  return (
    <>
      <dl className="facts" style={{ marginBottom: 16 }}>
        <dt>State</dt>
        <dd>
          <Status tone={objectWords[now.state].tone}>{objectWords[now.state].label}</Status>
        </dd>
        <dt>Id there</dt>
        <dd className="m-mono">{now.remoteId ?? "None yet"}</dd>
        <dt>Last sent</dt>
        <dd>
          <Ago at={now.lastSyncedAt} />
        </dd>
        <dt>{now.kind === "group" ? "User group" : "User"} here</dt>
        <dd>
          {now.kind === "group" ? (
            <Link to="/console/$slug/user-groups/$groupId" params={{ slug: org.slug, groupId: now.id }}>
              {now.name}
            </Link>
          ) : (
            <Link to="/console/$slug/users/$userId" params={{ slug: org.slug, userId: now.id }}>
              {now.name}
            </Link>
          )}
        </dd>
      </dl>
      {now.lastError && now.state !== "in step" && (
        <Note tone={now.state === "failing" ? "bad" : "warn"}>
          {whole(now.lastError)}
          {now.nextTry && (
            <>
              {" "}
              Tried {now.attempts === 1 ? "once" : `${now.attempts} times`}; next try: <Ago at={now.nextTry} />
            </>
          )}
        </Note>
      )}
      <div className="buttons" style={{ marginBottom: 24 }}>
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={again.isPending}
          onClick={() => again.mutate("retry")}
        >
          Retry now
        </Button>
        <Button variant="default" leftSection={<IconRotate size={16} aria-hidden />} onClick={() => void resend()}>
          Send again from scratch
        </Button>
        {now.kind === "user" && !now.remoteId && (
          <Button variant="default" leftSection={<IconLink size={16} aria-hidden />} onClick={() => setPicking(true)}>
            Choose the account there
          </Button>
        )}
      </div>
      <PickAccount
        application={application}
        whom={picking ? object : null}
        busy={take.isPending}
        onPick={take.mutate}
        onClose={() => setPicking(false)}
      />
      <h3 className="caps">LAST CALLS</h3>
      <Failure error={tape.error} retry={() => void tape.refetch()} />
      {tape.isPending && <Skeleton height={160} aria-busy="true" />}
      {tape.data?.calls.length === 0 && <p className="section__help">Nothing was asked of the application yet.</p>}
      <ol className="calls">
        {tape.data?.calls.map((call) => (
          <li key={`${call.at} ${call.method} ${call.path} ${call.attempt}`}>
            <Call call={call} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Call({ call }: { call: ProvisionCall }) {
  const status = call.status ?? 0;
  const good = status >= 200 && status < 300;
  return (
    <details className="call">
      <summary>
        <span className="call__line">
          <Status tone={good ? "ok" : "bad"}>{status === 0 ? "No answer" : String(status)}</Status>
          <span className="call__what m-mono">
            {call.method} {call.path}
          </span>
          <span className="call__when">
            <Ago at={call.at} />
          </span>
        </span>
        <span className="section__help">
          {sentence(call.outcome)}
          {call.attempt > 1 && ` (try ${call.attempt})`}
        </span>
      </summary>
      {call.request && (
        <>
          <h4 className="call__title">Sent</h4>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
          <pre tabIndex={0}>{pretty(call.request)}</pre>
        </>
      )}
      <h4 className="call__title">Answer</h4>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
      <pre tabIndex={0}>{call.answer ? pretty(call.answer) : "Nothing"}</pre>
    </details>
  );
}
