/** Saves what the page made as a file. */
export function download(name: string, content: Blob | string): void {
  // The mark tells Excel that the text is UTF-8.
  const blob = typeof content === "string" ? new Blob(["\uFEFF", content], { type: "text/csv" }) : content;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Some browsers begin to read only after the click has been dealt with.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
