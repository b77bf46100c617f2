// On every page: what was entered anywhere and still waits in this browser is sent from here.

import { flush, onState } from "./outbox.js";

onState((entry, state, reply) => {
  // An answer to the safety check that says to get help goes before whatever this page is about.
  if (state === "saved" && reply?.help === true) location.assign("/screen/help");
});
flush();
