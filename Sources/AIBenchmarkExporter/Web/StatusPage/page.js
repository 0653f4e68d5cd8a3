// What a page can do beyond what it says: tell times by the clock of the reader, stay up to date, and make calls of the
// management API for whoever signs in. The token stays in this tab and goes to this server only.
"use strict";

// The origin has no user and no password, which the address of the page may have, and which no request may be made with.
const here = location.origin + location.pathname;
const management = document.body.dataset.management && location.origin + document.body.dataset.management;
const liveButton = document.getElementById("live");
const message = document.getElementById("message");
const refreshEvery = 5000;
const refreshEveryWithEvents = 15000;
// The exporter says something every 15 s; who hears nothing for three times that is cut off.
const longestSilence = 45000;
let token = sessionStorage.getItem("token");
let role = sessionStorage.getItem("role");
let isLive = true;
const noAnswer = "the exporter does not answer";
let stream = null;
let heardAt = 0;

// Times: "in 3 s" and "2 min ago", against the clock of the server, which may not be that of the reader.
const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const dateAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
let clockAhead = 0;
function setClock(root) {
  const asOf = root.querySelector(".live time");
  if (asOf) clockAhead = Date.parse(asOf.dateTime) - Date.now();
}
function relative(seconds) {
  const size = Math.abs(seconds);
  const amount = size < 60 ? `${Math.round(size)} s` : size < 3600 ? `${Math.round(size / 60)} min`
    : size < 86400 ? `${Math.round(size / 3600)} h` : `${Math.round(size / 86400)} d`;
  return seconds < -0.5 ? `${amount} ago` : seconds > 0.5 ? `in ${amount}` : "now";
}
function tellTimes() {
  const now = Date.now() + clockAhead;
  for (const time of document.querySelectorAll("time")) {
    const at = Date.parse(time.dateTime);
    if (time.closest(".live, td")) time.textContent = now - at < 72e6 ? timeOfDay.format(at) : dateAndTime.format(at);
    else if ("due" in time.dataset && at < now + 500) time.textContent = "due";
    else time.textContent = relative((at - now) / 1000);
    time.title = dateAndTime.format(at);
  }
}

// Staying up to date: the page is asked for again and takes the place of the old one, focus and scrolling included.
// Not while somebody presses a button or has marked text, which both would be lost.
let isRefreshing = false;
let isPressing = false;
async function refresh() {
  if (isRefreshing || isPressing || !getSelection().isCollapsed) return;
  isRefreshing = true;
  try {
    const answer = await fetch(here, { cache: "no-cache" }).catch(() => { throw new Error(noAnswer); });
    if (!answer.ok) throw new Error(`the exporter answers ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const script = page.querySelector("script[src]");
    if (script && !document.querySelector(`script[src="${script.getAttribute("src")}"]`)) return location.reload();
    replace(page);
    if (message.dataset.isOutage) say("");
  } catch (error) {
    say(`Not up to date: ${error.message}.`, true);
    message.dataset.isOutage = "yes";
  } finally {
    isRefreshing = false;
  }
}
function purpose(element) {
  return element.getAttribute("href") ?? element.closest("details")?.id
    ?? [element.className, element.dataset.call, element.dataset.body].join(" ");
}
function replace(page) {
  const main = document.getElementById("main");
  const active = main.contains(document.activeElement) ? document.activeElement : null;
  const alike = () => [...main.querySelectorAll("a, button, summary, [tabindex]")]
    .filter((element) => purpose(element) === purpose(active));
  const focused = active ? alike().indexOf(active) : -1;
  const scrolled = main.querySelector(".scroll")?.scrollLeft ?? 0;
  const opened = new Map([...main.querySelectorAll("details")].map((details) => [details.id, details.open]));
  main.replaceChildren(...page.getElementById("main").childNodes);
  document.querySelector(".live time").replaceWith(page.querySelector(".live time"));
  for (const details of main.querySelectorAll("details")) details.open = opened.get(details.id) ?? details.open;
  document.title = page.title;
  setClock(document);
  show();
  tellTimes();
  if (focused >= 0) alike()[focused]?.focus({ preventScroll: true });
  const scroll = main.querySelector(".scroll");
  if (scroll) scroll.scrollLeft = scrolled;
}

// Events: a browser's own EventSource can send no token, so the stream is read by hand. Only that something has happened
// matters; what it was is in the page. What is no event changes too, so the page is asked for now and then as well, and
// every few seconds without a token.
async function follow() {
  if (!management || !token || !isLive || stream) return;
  const control = new AbortController();
  stream = control;
  heardAt = Date.now();
  let wait = null;
  try {
    const answer = await fetch(`${management}/benchmarks/events`, { headers: bearer(), signal: control.signal });
    if (answer.status === 401) return signOut();
    if (!answer.ok) return;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      heardAt = Date.now();
      if (value.includes("event:") && !wait) wait = setTimeout(() => { wait = null; refresh(); }, 1000);
    }
  } catch {
    // The next round of the clock below begins another one.
  } finally {
    clearTimeout(wait);
    if (stream === control) stream = null;
  }
}
function tick() {
  tellTimes();
  if (!isLive || document.hidden) return;
  const now = Date.now();
  if (stream && now - heardAt > longestSilence) stream.abort();
  if (now - lastRound >= (stream ? refreshEveryWithEvents : refreshEvery)) {
    lastRound = now;
    refresh();
    follow();
  }
}
let lastRound = Date.now();
function setLive(value) {
  isLive = value;
  liveButton.setAttribute("aria-pressed", String(value));
  if (value) { lastRound = Date.now(); refresh(); follow(); } else { stream?.abort(); stream = null; }
}

// Signing in and calling.
const bearer = () => ({ Authorization: `Bearer ${token}` });
const askStatus = () => fetch(`${management}/benchmarks/status`, { headers: bearer(), cache: "no-store" });
function say(text, isTrouble = false) {
  message.textContent = text;
  message.className = isTrouble ? "trouble" : "";
  delete message.dataset.isOutage;
}
async function problem(answer) {
  const fallback = `the exporter answers ${answer.status}`;
  return answer.json().then((body) => body.detail ?? fallback, () => fallback);
}
// The exporter judges every call by its token; what it would refuse is hidden.
function show() {
  if (!management) return;
  document.getElementById("sign-in").hidden = Boolean(token);
  document.getElementById("sign-out").hidden = !token;
  for (const button of document.querySelectorAll("button.call")) button.hidden = role !== "admin";
}
async function learnRole(answer) {
  if (answer.ok) ({ role } = await answer.json());
  if (role) sessionStorage.setItem("role", role);
  show();
}
async function signIn(event) {
  event.preventDefault();
  const field = document.getElementById("token");
  token = field.value.trim();
  const answer = await askStatus().catch(() => null);
  if (answer?.ok) {
    sessionStorage.setItem("token", token);
    await learnRole(answer);
    field.value = "";
    say("");
    follow();
  } else {
    token = null;
    say(`Not signed in: ${answer ? await problem(answer) : noAnswer}.`, true);
  }
  show();
  (token ? document.getElementById("sign-out") : field).focus();
}
function signOut(why = "Signed out: the token is not valid any more.", isTrouble = true) {
  token = role = null;
  sessionStorage.clear();
  stream?.abort();
  stream = null;
  say(why, isTrouble);
  show();
}
// The API takes the schedule as a whole. So whoever changes it for one benchmark asks first what is in force: what somebody
// else changed since the page was made is kept. What is changed between that answer and the call, a moment, is still lost.
async function scheduling(benchmark, isScheduled) {
  const answer = await askStatus();
  if (!answer.ok) return { answer };
  const { continuous, benchmarks } = await answer.json();
  const names = benchmarks.map((one) => one.benchmark);
  const inForce = continuous.state === "stopped" ? [] : continuous.benchmarks ?? names;
  const chosen = names.filter((name) => name === benchmark ? isScheduled : inForce.includes(name));
  if (chosen.length === 0) return { path: "/benchmarks/continuous/stop" };
  return { body: JSON.stringify({
    benchmarks: chosen.length < names.length ? chosen : undefined,
    interval: continuous.interval_seconds && `${Math.round(continuous.interval_seconds * 1000)}ms`,
  }) };
}
async function send({ method, call: path, body, schedules, benchmark, question }) {
  const changed = schedules ? await scheduling(benchmark, schedules === "true") : {};
  if (changed.answer) return changed.answer;
  if ((changed.path || !schedules) && question && !confirm(question)) return undefined;
  body = changed.body ?? body;
  const headers = body ? { ...bearer(), "Content-Type": "application/json" } : bearer();
  return fetch(management + (changed.path ?? path), { method, headers, body });
}
async function call(button) {
  const what = button.getAttribute("aria-label") ?? button.textContent;
  button.disabled = true;
  const answer = await send(button.dataset).catch(() => null);
  button.disabled = false;
  // Nothing was to be done after all.
  if (answer === undefined) return;
  if (!answer) say(`${what}: ${noAnswer}.`, true);
  else if (answer.ok) say(`${what}: ${answer.status === 202 ? "started" : "done"}.`);
  else if (answer.status === 401) signOut();
  else say(`${what}: ${await problem(answer)}.`, true);
  refresh();
}

liveButton.hidden = false;
liveButton.addEventListener("click", () => setLive(!isLive));
document.addEventListener("visibilitychange", () => { if (!document.hidden && isLive) refresh(); });
document.addEventListener("pointerdown", () => { isPressing = true; });
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { isPressing = false; });
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.call");
  if (button) call(button);
});
if (management) {
  document.getElementById("sign-in").addEventListener("submit", signIn);
  document.getElementById("sign-out").addEventListener("click", () => signOut("Signed out.", false));
}
setClock(document);
show();
tellTimes();
follow();
if (management && token && !role) askStatus().then(learnRole, () => {});
setInterval(tick, 1000);
