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

// A script of the page that does not arrive (a restart, a lost connection) would leave it blank for good: everything is
// asked for once more, and then said.
addEventListener(
  "error",
  function (event) {
    var root = document.getElementById("root");
    if (!event.target || event.target.tagName !== "SCRIPT" || !root || root.firstChild) return;
    var now = Date.now();
    var last = now;
    try {
      last = Number(sessionStorage.getItem("muster-asked-again"));
      sessionStorage.setItem("muster-asked-again", String(now));
    } catch (_) {
      last = now;
    }
    if (now - last > 10000) return location.reload();
    var told = document.createElement("p");
    told.setAttribute("role", "alert");
    told.style.cssText = "margin: 48px 24px; font: 16px system-ui, sans-serif; text-align: center";
    told.textContent = "This page could not be loaded. Check the connection, then reload it.";
    root.append(told);
  },
  true,
);
