// Trades the token of the terminal's link (in the fragment, so no server or log sees it) for a session.
const token = location.hash.slice(1);
const { opening, used } = document.querySelector("script[data-opening]").dataset;
const say = (sentence) => {
  document.querySelector(".lead").textContent = sentence;
};

if (token) {
  history.replaceState(null, "", location.pathname);
  say(opening);
  const answer = await fetch("/open", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ token }),
  }).catch(() => null);
  if (answer?.ok) location.replace("/");
  else say(used);
}
