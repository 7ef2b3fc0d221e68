import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { ActionIcon } from "./controls.tsx";

interface PagerProps {
  page: number;
  size: number;
  total: number | undefined;
  onPage: (page: number) => void;
}

/** Pages through a list that the server cuts. Keeps its height while the total is unknown. */
export function Pager({ page, size, total, onPage }: PagerProps) {
  if (total === undefined || total <= size) return <div className="pager" />;
  const from = page * size + 1;
  const to = Math.min(total, from + size - 1);
  return (
    <nav className="pager" aria-label="Pages">
      <span>
        {from.toLocaleString()}–{to.toLocaleString()} of {total.toLocaleString()}
      </span>
      <ActionIcon
        reads
        variant="default"
        aria-label="Previous page"
        disabled={page === 0}
        onClick={() => onPage(page - 1)}
      >
        <IconChevronLeft size={16} />
      </ActionIcon>
      <ActionIcon
        reads
        variant="default"
        aria-label="Next page"
        disabled={to >= total}
        onClick={() => onPage(page + 1)}
      >
        <IconChevronRight size={16} />
      </ActionIcon>
    </nav>
  );
}
