import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { RESULTS_PER_PAGE, resultsQuery } from "../../api/feeds.ts";
import { useOrg } from "../../api/org.tsx";
import type { DirectoryProvider, FeedAction, FeedResult, FeedRun } from "../../api/types.ts";
import { DataTable } from "../../ui/DataTable.tsx";
import { Failure, sentence } from "../../ui/Note.tsx";
import { Pager } from "../../ui/Pager.tsx";
import { Status } from "../../ui/Status.tsx";
import { actions, actionWords, detailOf } from "./runWords.ts";

/** What a run did object by object, or would do. */
export function RunResults({ provider, run }: { provider: DirectoryProvider; run: FeedRun }) {
  const { api, org } = useOrg();
  const [action, setAction] = useState<FeedAction>();
  const [page, setPage] = useState(0);
  const results = useQuery(resultsQuery(api, provider.id, run, action, page));
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
          { key: "what", label: "What", render: (one) => (one.error ? sentence(one.error) : detailOf(one)) },
        ]}
      />
      <Pager page={page} size={RESULTS_PER_PAGE} total={results.data?.total} onPage={setPage} />
    </>
  );
}
