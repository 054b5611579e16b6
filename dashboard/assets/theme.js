// Which theme the page is of, before anything of it is painted: the address's, else what this browser keeps, else dark.
// A classic script: modules wait until the page is there. theme.mjs changes it later.

(() => {
  const names = [new URLSearchParams(location.search).get("theme")];
  try {
    names.push(localStorage.getItem("watchfloor.theme"));
  } catch {
    // A browser may keep nothing.
  }
  document.documentElement.dataset.theme = names.find((name) => name === "light" || name === "dark") ?? "dark";
})();
