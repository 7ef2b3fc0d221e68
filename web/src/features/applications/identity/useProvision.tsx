import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../../../api/client.ts";
import { useOrg } from "../../../api/org.tsx";
import {
  changeProvision,
  decideObject,
  previewProvision,
  provisionQuery,
  saveProvision,
  testProvision,
} from "../../../api/provision.ts";
import { Stopped } from "../../../api/readings.ts";
import type { Application, ProvisionDecide, ProvisionPlan, ProvisionWrite } from "../../../api/types.ts";
import { useDraft } from "../../../ui/draft.ts";
import { focusFirstError } from "../../../ui/focus.ts";
import { fieldError } from "../../../ui/Note.tsx";
import { done, failed } from "../../../ui/notify.ts";
import {
  connectionFields,
  draftOf,
  movesAccounts,
  type ProvisionDraft,
  problemsOf,
  serverName,
  writeOf,
} from "./form.ts";
import { useReading } from "./useReading.ts";
import { touched } from "./words.ts";

/** What waits for a yes: the plan, or why there is none, and what the yes would do. */
export interface Asked {
  verb: "activate" | "save" | "look";
  plan: ProvisionPlan | null;
  problem: unknown;
}

/** The draft of the tab Identity Management, kept by the page so that it outlives a change of tabs. */
export function useProvision(application: Application) {
  const { api } = useOrg();
  const client = useQueryClient();
  const id = application._id;
  const query = useQuery(provisionQuery(api, id));
  const saved = query.data ?? null;
  const draft = useDraft(draftOf(saved));
  const [tried, setTried] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const { reading, read, cancel } = useReading(id);
  const problems = problemsOf(draft.value, saved);
  const body = () => writeOf(draft.value);
  const { queryKey } = provisionQuery(api, id);

  const store = async () => {
    const kept = await saveProvision(api, id, body());
    client.setQueryData([...queryKey], () => kept);
    draft.reset();
    setTried(false);
    return kept;
  };
  const refresh = () => client.invalidateQueries({ queryKey: [api.orgId, "application", id] });
  /** The plan, or why there is none; null where nobody waits for it any more. */
  const planned = async (verb: Asked["verb"]): Promise<Asked | null> => {
    try {
      const plan = await read<ProvisionPlan>((signal) => previewProvision(api, id, body(), signal));
      return { verb, plan, problem: null };
    } catch (problem) {
      if (problem instanceof Stopped) return null;
      // What is wrong with a field is said there.
      if (problem instanceof ApiError && problem.fields.length > 0) throw problem;
      return { verb, plan: null, problem };
    }
  };

  const save = useMutation({
    mutationFn: async (sure: boolean): Promise<boolean> => {
      if (!sure && saved?.active && movesAccounts(draft.changes)) {
        const found = await planned("save");
        if (!found?.plan || touched(found.plan) > 0) {
          setAsked(found);
          return false;
        }
      }
      await store();
      return true;
    },
    onSuccess: (stored) => {
      if (!stored) return;
      setAsked(null);
      void refresh();
      done(`Identity Management of ${application.displayLabel} saved.`);
    },
    onError: () => {
      setAsked(null);
      focusFirstError();
    },
  });

  const activate = useMutation({
    mutationFn: async (sure: boolean): Promise<boolean> => {
      if (!sure) {
        const found = await planned("activate");
        if (!found?.plan || touched(found.plan) > 0) {
          setAsked(found);
          return false;
        }
      }
      if (draft.dirty || !saved) await store();
      const active = await changeProvision(api, id, "activate");
      client.setQueryData([...queryKey], () => active);
      return true;
    },
    onSuccess: (active) => {
      if (!active) return;
      setAsked(null);
      void refresh();
      done(`Identity Management of ${application.displayLabel} is active.`);
    },
    onError: () => {
      setAsked(null);
      focusFirstError();
    },
  });

  const look = useMutation({
    mutationFn: () => planned("look"),
    onSuccess: setAsked,
    onError: focusFirstError,
  });

  const decide = useMutation({
    mutationFn: async (what: ProvisionDecide) => {
      // Before the settings are saved there is nothing to keep a decision with.
      if (!saved) await store();
      await decideObject(api, id, what);
      return asked && planned(asked.verb);
    },
    onSuccess: (found) => {
      if (found) setAsked(found);
      void refresh();
    },
    onError: failed,
  });

  const keep = useMutation({
    // Its accounts are read as the application is saved.
    mutationFn: async () => void (saved ?? (await store())),
    onError: failed,
  });

  const test = useMutation({
    mutationFn: async (what: ProvisionWrite) => ({
      of: JSON.stringify(what),
      found: await testProvision(api, id, what),
    }),
    onError: focusFirstError,
  });

  /** Whether what is typed can be sent; otherwise the first field that cannot has the cursor. */
  const valid = (): boolean => {
    setTried(true);
    if (Object.keys(problems).length === 0) return true;
    focusFirstError();
    return false;
  };
  /** What an earlier attempt said is over when another one begins. */
  const begin = (): boolean => {
    for (const earlier of [save, activate, look, test]) if (earlier.isError) earlier.reset();
    return valid();
  };
  const failure = save.error ?? activate.error ?? look.error;
  const verb = look.isPending ? "look" : activate.isPending ? "activate" : "save";
  // What takes long is told where its answer will stand.
  const waiting: Asked | null = reading && { verb, plan: null, problem: null };
  const fieldsOf = failure ?? test.error;
  return {
    application,
    query,
    saved,
    draft,
    valid,
    asked: asked ?? waiting,
    /** How far the application is read for it, where that takes long. */
    reading,
    forget: () => {
      cancel();
      setAsked(null);
    },
    /** Decides about one object of the plan, and works the plan out again. */
    decide: decide.mutate,
    deciding: decide.isPending,
    /** Makes sure that there are saved settings, then goes on. */
    keep: (then: () => void) => keep.mutate(undefined, { onSuccess: then }),
    /** Whether what is typed leads to another application than what is saved. */
    connectsElsewhere: saved !== null && draft.changes.some((name) => connectionFields.includes(name)),
    failure,
    busy: save.isPending || activate.isPending,
    saving: save.isPending,
    activating: activate.isPending,
    looking: look.isPending,
    save: (sure = false) => begin() && save.mutate(sure),
    activate: (sure = false) => begin() && activate.mutate(sure),
    test: () => begin() && test.mutate(body()),
    testing: test.isPending,
    testError: test.error,
    /** What the test found, as long as nothing was changed since. */
    tested: test.data && test.data.of === JSON.stringify(body()) ? test.data.found : undefined,
    look: () => begin() && look.mutate(),
    reset: () => {
      draft.reset();
      setTried(false);
      save.reset();
      activate.reset();
      test.reset();
      look.reset();
    },
    error: (name: keyof ProvisionDraft) =>
      (tried ? (problems[name] as string | undefined) : undefined) ?? fieldError(fieldsOf, serverName(name)),
    rowError: (index: number) =>
      (tried && problems.row?.index === index ? problems.row.message : undefined) ??
      fieldError(fieldsOf, `mapping[${index}]`),
  };
}

export type Provisioning = ReturnType<typeof useProvision>;
