interface Props {
  page: { page: number; pages: number; total: number };
  onPage: (page: number) => void;
}

/** Nothing at all while there is one page. */
export function Pager({ page: { page, pages, total }, onPage }: Props) {
  if (pages <= 1) return null;
  return (
    <nav className="pager" aria-label="Pages of the list">
      <button disabled={page <= 1} onClick={() => onPage(page - 1)} data-testid="pager-previous">
        Newer
      </button>
      <span className="muted figures">
        Page {page} of {pages} · {total} in all
      </span>
      <button disabled={page >= pages} onClick={() => onPage(page + 1)} data-testid="pager-next">
        Older
      </button>
    </nav>
  );
}
