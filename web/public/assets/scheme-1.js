// Runs before the first paint, so that a dark page never flashes white. A file of its own because the
// content security policy allows no inline script. Files below /assets are cached for good: a change needs a new number.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("muster-color-scheme");
  } catch (_) {
    chosen = null;
  }
  var dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
