"use strict";
const state = () => document.getElementById("state");

async function refresh() {
  state().textContent = "drawing …";
  const answer = await fetch(location.href);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const { scrollX, scrollY } = window;
  document.body.replaceWith(document.adoptNode(fresh.body));
  window.scrollTo(scrollX, scrollY);
}

const changes = new EventSource("/changes");
changes.onerror = () => { state().textContent = "the preview has ended, or cannot be reached"; };
changes.onmessage = (event) => {
  if (event.data !== state().dataset.change) refresh().catch(changes.onerror);
  else state().textContent = "";
};
