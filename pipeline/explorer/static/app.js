// A click on a figure marks its cell in the frame beside it and shows what is known of it, without leaving the page.
// Without this script the same links load the page anew.
"use strict";

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a");
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const frame = document.querySelector("iframe[name=source]");
  if (link.target === "source" && frame) reveal(frame);
  if (!link.dataset.source || !frame) return;
  event.preventDefault();
  point(frame, link.dataset.source);
  mark(link.closest("td"));
  history.pushState({}, "", link.href);
  reveal(frame);
  await show(link.dataset.cell);
});

window.addEventListener("popstate", () => {
  const key = new URLSearchParams(location.search).get("cell");
  const link = key && document.getElementById(`o-${key}`)?.querySelector("a");
  const frame = document.querySelector("iframe[name=source]");
  if (!frame || !link) return;
  point(frame, link.dataset.source);
  mark(link.closest("td"));
  show(link.dataset.cell);
});

// A place that is named while the frame still loads may not be there yet: it is named again when all is.
function point(frame, address) {
  frame.src = address;
  const wanted = frame.src;
  frame.addEventListener("load", () => { if (frame.src === wanted) frame.src = wanted; }, { once: true });
}

function mark(cell) {
  document.querySelectorAll("td.here").forEach((one) => one.classList.remove("here"));
  cell.classList.add("here");
}

async function show(address) {
  const answer = await fetch(address);
  if (answer.ok) document.getElementById("cellplace").innerHTML = await answer.text();
}

function reveal(frame) {
  if (window.matchMedia("(max-width: 60rem)").matches) frame.scrollIntoView({ block: "start" });
}
