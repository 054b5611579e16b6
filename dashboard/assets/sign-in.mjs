// A wall's token in the address's fragment, which no server, log or other page ever sees, is exchanged for a cookie.

const token = new URLSearchParams(location.hash.slice(1)).get("wall");
if (token) {
  history.replaceState(null, "", location.pathname + location.search);
  // Said of a token that was refused already, or a wall would ask for ever.
  if (!document.querySelector(".problem")) {
    document.getElementById("token").value = token;
    document.getElementById("wall").submit();
  }
}
