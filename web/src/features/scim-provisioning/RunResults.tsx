import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { decideFed, feedDecisionsQuery, RESULTS_PER_PAGE, resultsQuery } from "../../api/feeds.ts";
import { useOrg } from "../../api/org.tsx";
import type { DirectoryProvider, FeedAction, FeedDecide, FeedResult, FeedRun } from "../../api/types.ts";
import { DataTable } from "../../ui/DataTable.tsx";
import { Decide } from "../../ui/Decide.tsx";
import { Select } from "../../ui/fields/frequent.tsx";
import { Failure, sentence } from "../../ui/Note.tsx";
import { failed } from "../../ui/notify.ts";
import { Pager } from "../../ui/Pager.tsx";
import { Status } from "../../ui/Status.tsx";
import { actions, actionWords, choicesOf, detailOf } from "./runWords.ts";

/** What a run did object by object, or would do. */
export function RunResults({ provider, run }: { provider: DirectoryProvider; run: FeedRun }) {
  const { api, org } = useOrg();
  const client = useQueryClient();
  const [action, setAction] = useState<FeedAction>();
  const [page, setPage] = useState(0);
  const results = useQuery(resultsQuery(api, provider.id, run, action, page));
  const decisions = useQuery(feedDecisionsQuery(api, provider.id));
  const decisionOf = (one: FeedResult) =>
    decisions.data?.find((of) => of.kind === one.kind && of.externalId === one.externalId)?.decision;
  const decide = useMutation({
    mutationFn: (what: FeedDecide) => decideFed(api, provider.id, what),
    onSuccess: () => client.invalidateQueries({ queryKey: feedDecisionsQuery(api, provider.id).queryKey }),
    onError: failed,
  });
  const params = { slug: org.slug };
  const name = (one: FeedResult) => {
    if (!one.id || one.action === "remove") return one.name;
    return one.kind === "user" ? (
      <Link className="table__main" to="/console/$slug/users/$userId" params={{ ...params, userId: one.id }}>
        {one.name}
      </Link>
    ) : (
      <Link className="table__main" to="/console/$slug/user-groups/$groupId" params={{ ...params, groupId: one.id }}>
        {one.name}
      </Link>
    );
  };
  if (results.data?.total === 0 && !action) return null;
  return (
    <>
      <Select
        reads
        mt={16}
        mb={8}
        w={240}
        label="Show"
        clearable
        placeholder="Everything"
        data={actions.map((value) => ({ value, label: actionWords[value].label }))}
        value={action ?? null}
        onChange={(next) => {
          setAction((next as FeedAction | null) ?? undefined);
          setPage(0);
        }}
      />
      <Failure error={results.error} retry={() => void results.refetch()} />
      <DataTable<FeedResult>
        label={run.kind === "plan" ? "Plan" : "Results"}
        expected={5}
        rows={results.data?.items}
        id={(one) => `${one.kind} ${one.action} ${one.externalId} ${one.joins ?? ""}`}
        empty="Nothing of this kind."
        columns={[
          { key: "name", label: "Name", kind: "lead", render: name },
          { key: "kind", label: "Kind", kind: "tight", render: (one) => (one.kind === "user" ? "User" : "Group") },
          {
            key: "action",
            label: run.kind === "plan" ? "Would be" : "Was",
            kind: "tight",
            render: (one) => <Status tone={actionWords[one.action].tone}>{actionWords[one.action].label}</Status>,
          },
          {
            key: "what",
            label: "What",
            render: (one) => {
              const taken = one.action === "conflict" && decisionOf(one);
              const detail = one.error ? sentence(one.error) : detailOf(one);
              if (!taken && !detail) return null;
              const next = taken && `${taken === "takeOver" ? "Taken over" : "Left alone"} from the next run on. `;
              return (
                <span className="run-lines">
                  {next && <strong>{next}</strong>}
                  <span>{detail}</span>
                  {one.inTheWay && one.action === "conflict" && (
                    <Link
                      className="table__sub"
                      to="/console/$slug/users/$userId"
                      params={{ ...params, userId: one.inTheWay }}
                    >
                      The user here
                    </Link>
                  )}
                </span>
              );
            },
          },
          {
            key: "decide",
            label: "Decision",
            kind: "tail",
            render: (one) => (
              <Decide
                name={one.name}
                decided={decisionOf(one) !== undefined}
                choices={choicesOf(one)}
                busy={decide.isPending}
                onChoose={({ decision }) =>
                  decide.mutate({ kind: one.kind, externalId: one.externalId, name: one.name, decision })
                }
              />
            ),
          },
        ]}
      />
      <Pager page={page} size={RESULTS_PER_PAGE} total={results.data?.total} onPage={setPage} />
    </>
  );
}
