// What the player says, as the page brought it along (templates/guide/_player_words.html).

const known = JSON.parse(document.getElementById("player").dataset.words);

export const words = known;

/** A sentence with its places filled: said("left", { time: "7:40" }). */
export function said(name, values = {}) {
  return known[name].replace(/\{(\w+)\}/g, (_, place) => values[place]);
}
