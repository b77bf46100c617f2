// The page that is there when nothing else is: which sessions are kept here, and another try at where somebody wanted to go.

const SESSION = "matwise-session-";

document.querySelector("[data-again]").href = location.href;
addEventListener("online", () => location.reload());

async function kept() {
  const found = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith(SESSION)) continue;
    const address = `/guide/${name.slice(SESSION.length)}`;
    const cache = await caches.open(name);
    const [terms, page] = await Promise.all([cache.match(`${address}/offline.json`), cache.match(address)]);
    if (terms === undefined || page === undefined || (await terms.json()).until_ms <= Date.now()) continue;
    const told = new DOMParser().parseFromString(await page.text(), "text/html");
    found.push([address, told.querySelector("h1").textContent]);
  }
  return found;
}

const sessions = "caches" in window ? await kept() : [];
for (const [address, title] of sessions) {
  const link = document.createElement("a");
  link.href = address;
  link.textContent = title;
  const item = document.createElement("li");
  item.append(link);
  document.querySelector("[data-kept-sessions]").append(item);
}
document.querySelector("[data-kept]").hidden = sessions.length === 0;
