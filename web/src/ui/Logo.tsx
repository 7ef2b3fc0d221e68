/** An application's or organization's picture, or its initial. */
export function Logo({ url, name, size = 32 }: { url: string | null | undefined; name: string; size?: number }) {
  return (
    <span className="logo" style={{ width: size, height: size, fontSize: size * 0.42 }} aria-hidden>
      {url ? <img src={url} alt="" loading="lazy" /> : (name.trim()[0] ?? "?").toUpperCase()}
    </span>
  );
}
