import { Drawer, Group, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { samlMessageQuery, samlMessagesQuery, testSaml } from "../../../api/applications.ts";
import { useOrg } from "../../../api/org.tsx";
import type { SamlExchangeSummary, User } from "../../../api/types.ts";
import { Button } from "../../../ui/controls.tsx";
import { DataTable } from "../../../ui/DataTable.tsx";
import { Failure, Note } from "../../../ui/Note.tsx";
import { Section } from "../../../ui/Page.tsx";
import { Status, type StatusTone } from "../../../ui/Status.tsx";
import { Ago } from "../../../ui/time.tsx";
import { userName } from "../../users/status.tsx";
import { UserPicker } from "../../users/UserPicker.tsx";
import { ExchangeView } from "./ExchangeView.tsx";
import "./test.css";

const outcomes: Record<SamlExchangeSummary["outcome"], { tone: StatusTone; word: string }> = {
  succeeded: { tone: "ok", word: "Succeeded" },
  refused: { tone: "bad", word: "Refused" },
  waits: { tone: "waiting", word: "Waits" },
};
const purposes: Record<SamlExchangeSummary["purpose"], string> = {
  sign_in: "Sign-in",
  sign_out: "Sign-out",
  test: "Test",
};

/** The last SAML messages of an application, and a sign-in tried for a person without sending anything. */
export function TestTab({ id, unsaved }: { id: string; unsaved: boolean }) {
  const { api } = useOrg();
  const kept = useQuery(samlMessagesQuery(api, id));
  const [opened, setOpened] = useState<SamlExchangeSummary | null>(null);
  const [shown, setShown] = useState(false);
  const [source, setSource] = useState<SamlExchangeSummary | null>(null);
  const open = (exchange: SamlExchangeSummary) => {
    setOpened(exchange);
    setShown(true);
  };
  const replay = (exchange: SamlExchangeSummary) => {
    setSource(exchange);
    setShown(false);
    document.getElementById("saml-test")?.scrollIntoView({ block: "start" });
  };
  return (
    <>
      <div id="saml-test">
        <Section
          title="Test a sign-in"
          help="For a person of your choice, to a service provider inside Muster that checks everything. Nothing is sent to the application, and each test is logged."
        >
          <TestForm id={id} unsaved={unsaved} source={source} clear={() => setSource(null)} done={open} />
        </Section>
      </div>
      <Section
        wide
        title="Last messages"
        help="The last 50 exchanges of 30 days, also those that were refused. Answers are kept without their signatures."
      >
        <Failure error={kept.error} retry={() => void kept.refetch()} />
        <Group justify="flex-end" mb={8}>
          <Button reads variant="default" size="xs" loading={kept.isRefetching} onClick={() => void kept.refetch()}>
            Refresh
          </Button>
        </Group>
        <DataTable<SamlExchangeSummary>
          label="SAML messages"
          expected={5}
          rows={kept.data}
          id={(one) => one.id}
          open={open}
          empty="Nothing yet. Requests appear here as they come, also those that are refused."
          columns={[
            {
              key: "summary",
              label: "What happened",
              kind: "lead",
              render: (one) => (
                <span>
                  {one.summary}
                  <span className="table__sub">{purposes[one.purpose]}</span>
                </span>
              ),
            },
            { key: "user", label: "Person", render: (one) => one.user?.name ?? "" },
            {
              key: "outcome",
              label: "Result",
              kind: "tight",
              render: (one) => <Status tone={outcomes[one.outcome].tone}>{outcomes[one.outcome].word}</Status>,
            },
            { key: "at", label: "When", kind: "tight", render: (one) => <Ago at={one.at} /> },
            {
              key: "show",
              label: "Show",
              kind: "tail",
              render: (one) => (
                <Button
                  reads
                  size="xs"
                  variant="subtle"
                  color="gray"
                  aria-label={`Show: ${one.summary}`}
                  onClick={() => open(one)}
                >
                  Show
                </Button>
              ),
            },
          ]}
        />
      </Section>
      <Drawer opened={shown} onClose={() => setShown(false)} position="right" size={640} title="Messages and checks">
        {opened && <Opened key={opened.id} id={id} exchange={opened} replay={() => replay(opened)} />}
      </Drawer>
    </>
  );
}

interface TestFormProps {
  id: string;
  unsaved: boolean;
  source: SamlExchangeSummary | null;
  clear: () => void;
  done: (exchange: SamlExchangeSummary) => void;
}

function TestForm({ id, unsaved, source, clear, done }: TestFormProps) {
  const { api } = useOrg();
  const client = useQueryClient();
  const [person, setPerson] = useState<User | null>(null);
  const test = useMutation({
    mutationFn: (user: User) => testSaml(api, id, { userId: user._id, ...(source ? { messageId: source.id } : {}) }),
    onSuccess: async (exchange) => {
      client.setQueryData([...samlMessageQuery(api, id, exchange.id).queryKey], () => exchange);
      await client.invalidateQueries({ queryKey: samlMessagesQuery(api, id).queryKey, exact: true });
      done(exchange);
    },
  });
  return (
    <div className="test-form">
      <Failure error={test.error} />
      {unsaved && <Note tone="info">What is saved is tested: save your changes first.</Note>}
      <UserPicker label="Person" visibleLabel placeholder="Find a person" without={[]} onPick={setPerson} />
      {person && (
        <div>
          For <strong>{userName(person)}</strong> ({person.email})
        </div>
      )}
      <div className="test-form__source">
        {source ? (
          <>
            <span>
              With the request of <Ago at={source.at} />
            </span>
            <Button size="xs" variant="subtle" color="gray" onClick={clear}>
              Without a request
            </Button>
          </>
        ) : (
          <span className="section__help">
            As if the tile in the portal were opened. To replay a request, choose it below.
          </span>
        )}
      </div>
      <Group>
        <Button disabled={!person} loading={test.isPending} onClick={() => person && test.mutate(person)}>
          {source ? "Replay request" : "Test sign-in"}
        </Button>
      </Group>
    </div>
  );
}

function Opened({ id, exchange, replay }: { id: string; exchange: SamlExchangeSummary; replay: () => void }) {
  const { api } = useOrg();
  const whole = useQuery(samlMessageQuery(api, id, exchange.id));
  if (whole.error) return <Failure error={whole.error} retry={() => void whole.refetch()} />;
  if (!whole.data) return <Skeleton height={360} />;
  return (
    <>
      {exchange.replayable && (
        <Group mb={16}>
          <Button variant="default" size="xs" onClick={replay}>
            Replay for a person…
          </Button>
        </Group>
      )}
      <ExchangeView exchange={whole.data} />
    </>
  );
}
