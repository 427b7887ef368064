"use strict";
// Shows what the sandbox tells. A card is made once, known by the operation of its message, and only its words change:
// so focus, selection and a screen reader's place stay where they are.
const FILES_SHOWN = 10;
const at = id => document.getElementById(id);
const cards = new Map();
let isAway = false;
let clock = { now_ms: 0, heard: 0 };

function languageAtFirst() {
  const asked = new URLSearchParams(location.search).get("lang") || localStorage.getItem("language");
  return asked in WORDS ? asked : (navigator.language || "").toLowerCase().startsWith("ru") ? "ru" : "en";
}
let language = languageAtFirst();
const word = name => WORDS[language][name] ?? name;

/** Writes only what has changed. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
function translate(root) {
  for (const element of root.querySelectorAll("[data-word]")) write(element, word(element.dataset.word));
}
const announce = text => write(at("announced"), text);
const warn = text => write(at("away"), text);

async function ask(method, path, body) {
  try {
    const answer = await fetch(path, { method, body: body && JSON.stringify(body) });
    warn(answer.ok ? "" : `${word("failed")} ${await answer.text()}`);
    return answer.ok;
  } catch {
    isAway = true;
    warn(word("away"));
    return false;
  }
}

function made(operation) {
  const item = at("card").content.cloneNode(true).firstElementChild;
  const part = name => item.querySelector(name);
  const title = part("h3");
  title.id = `title-${operation}`;
  part("article").setAttribute("aria-labelledby", title.id);
  for (const act of ["confirm", "decline"]) {
    const button = part(`.${act}`);
    button.setAttribute("aria-describedby", title.id);
    button.addEventListener("click", () =>
      ask("POST", `/_sandbox/operations/${encodeURIComponent(operation)}/${act}`));
  }
  translate(item);
  return { item, part, message: null };
}

function files(message) {
  const list = message.asked.files.slice(0, FILES_SHOWN)
    .map(file => `${file.name || word("unnamed")}, ${word("size")(file.size)}`);
  const rest = message.asked.files.length - list.length;
  return rest > 0 ? [...list, word("more")(rest)] : list;
}

/** Writes the words of a card. */
function fill({ part, message }) {
  const { asked, code } = message;
  const isWaiting = message.state === "waiting";
  write(part("h3"), `${word(asked.service)}: ${word(asked.purpose)}`);
  write(part(".kind"), word(message.kind));
  const came = new Date(message.came_ms);
  part(".came").dateTime = came.toISOString();
  write(part(".came"), came.toLocaleTimeString(language));
  write(part(".state"), word(message.state));
  write(part(".code"), code || "");
  part(".code").hidden = !code;
  const hint = asked.screen_code ? word("compare")(asked.screen_code) : code && isWaiting ? word("typeCode") : "";
  write(part(".hint"), hint);
  const lines = files(message);
  const list = part(".files");
  while (list.children.length > lines.length) list.lastElementChild.remove();
  while (list.children.length < lines.length) list.append(document.createElement("li"));
  lines.forEach((line, index) => write(list.children[index], line));
  part(".files-row").hidden = lines.length === 0;
  write(part(".role"), word(asked.purpose === "login" ? "user" : "signer"));
  write(part(".person"), asked.person);
  write(part(".number"), message.to);
  write(part(".operation"), message.operation);
  part(".confirm").hidden = message.kind !== "push";
  part(".acts").hidden = !isWaiting;
  tick(message, part);
}

/** How long the person has, by the sandbox's clock. */
function tick(message, part) {
  part(".left-row").hidden = !message.until_ms;
  if (!message.until_ms) return;
  const now = clock.now_ms + performance.now() - clock.heard;
  const seconds = Math.max(0, Math.round((message.until_ms - now) / 1000));
  write(part(".left"), `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
}
setInterval(() => {
  for (const { message, part } of cards.values()) tick(message, part);
}, 1000);

/** Puts the cards of the lists right. Who had the focus of a card that is answered has it on the next one. */
function show(message) {
  const known = cards.get(message.operation);
  const card = known || made(message.operation);
  cards.set(message.operation, card);
  const before = card.message;
  card.message = message;
  const hadFocus = card.item.contains(document.activeElement);
  const list = at(message.state === "waiting" ? "waiting" : "history");
  if (card.item.parentElement !== list) list.prepend(card.item);
  fill(card);
  if (before?.state === message.state) return null;
  if (hadFocus && message.state !== "waiting") {
    const next = at("waiting").querySelector("article") || at("waiting-title");
    next.focus();
  }
  const title = card.part("h3").textContent;
  return before ? `${title}: ${word(message.state)}.` : message.state === "waiting" ? `${word("news")}: ${title}.` : null;
}

function forget(operation) {
  const item = cards.get(operation)?.item;
  if (item?.contains(document.activeElement)) at("waiting-title").focus();
  item?.remove();
  cards.delete(operation);
}

function tell(news) {
  clock = { now_ms: news.now_ms, heard: performance.now() };
  if (isAway) announce(word("back"));
  isAway = false;
  warn("");
  if (at("mode").value !== news.phone.mode) at("mode").value = news.phone.mode;
  const there = new Set(news.messages.map(message => message.operation));
  const gone = news.whole ? [...cards.keys()].filter(operation => !there.has(operation)) : news.gone;
  gone.forEach(forget);
  const heard = news.messages.map(show).filter(text => text !== null);
  if (heard.length > 0 && !news.whole) announce(heard.join(" "));
  at("none-waiting").hidden = at("waiting").children.length > 0;
  at("no-history").hidden = at("history").children.length > 0;
}

function listen() {
  const events = new EventSource("/_sandbox/events");
  events.addEventListener("phone", event => tell(JSON.parse(event.data)));
  events.addEventListener("error", () => {
    isAway = true;
    warn(word("away"));
    // A browser tries again by itself unless it got another answer than events.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
}

function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  document.title = `podpis: ${word("title")}`;
  translate(document);
  write(at("language"), word("language"));
  at("language").lang = chosen === "ru" ? "en" : "ru";
  if (isAway) warn(word("away"));
  for (const card of cards.values()) {
    translate(card.item);
    fill(card);
  }
}

at("language").addEventListener("click", () => {
  speak(language === "ru" ? "en" : "ru");
  localStorage.setItem("language", language);
});
at("mode").addEventListener("change", event => ask("PUT", "/_sandbox/phone", { mode: event.target.value }));
at("reset").addEventListener("click", async () => {
  if (confirm(word("resetAsked")) && await ask("POST", "/_sandbox/reset")) announce(word("resetDone"));
});
speak(language);
listen();
