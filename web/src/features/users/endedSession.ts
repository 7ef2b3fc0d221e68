// What the applications of ended sessions were told, a row for each. Pure.

import type { EndedSession, EndNotice } from "../../api/types.ts";

export interface NoticeRow {
  key: string;
  endedAt: string;
  notice: EndNotice;
}

const order: EndNotice["state"][] = ["failed", "retrying", "waiting", "delivered"];

/** What went wrong first, then the newest. */
export function noticeRows(sessions: EndedSession[]): NoticeRow[] {
  const rows = sessions.flatMap(({ id, endedAt, notices }) =>
    notices.map((notice) => ({ key: `${id} ${notice.application.id}`, endedAt, notice })),
  );
  const rank = (row: NoticeRow) => order.indexOf(row.notice.state);
  return rows.toSorted((a, b) => rank(a) - rank(b) || Date.parse(b.endedAt) - Date.parse(a.endedAt));
}
