/** Puts the cursor into the first field that shows an error, after it has been drawn. */
export function focusFirstError(): void {
  setTimeout(() => {
    const field = document.querySelector<HTMLElement>('[aria-invalid="true"]');
    field?.focus();
    field?.scrollIntoView({ block: "center" });
  }, 30);
}
