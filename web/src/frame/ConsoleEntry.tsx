import { useSuspenseQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { sessionQuery } from "../api/org.tsx";
import { NotFound } from "../ui/PageFailed.tsx";

/** `/console` alone: on to the organization used last in this browser, else the first. */
export function ConsoleEntry() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const last = localStorage.getItem("muster-last-organization");
  const org = session.organizations.find((one) => one.slug === last) ?? session.organizations[0];
  if (!org) return <NotFound />;
  return <Navigate to="/console/$slug" params={{ slug: org.slug }} replace />;
}
