// What check-page asks of every page in the browser; each finding is an error on the console. `checkToken` stands in front of
// this. Headless Chromium has no window of less than 500 px: it becomes as narrow as it was told to for the screenshot only.
const isReading = location.hash === "#reading";
const isSignedIn = location.hash === "#signed-in" || isReading;
if (isSignedIn) sessionStorage.setItem("token", checkToken);
// That of the token is asked for, unless it is known already.
if (isReading) sessionStorage.setItem("role", "read");

addEventListener("load", () => setTimeout(inspect, 300));
addEventListener("resize", inspect);

function inspect() {
  const find = (what, element) => console.error(`${innerWidth} px: ${what}: ${element.outerHTML.slice(0, 160)}`);
  const isVisible = (element) => element.checkVisibility({ visibilityProperty: true });
  const elements = [...document.body.querySelectorAll("*")].filter(isVisible);
  const root = document.documentElement;

  if (root.scrollWidth > innerWidth) {
    const isWide = (element) => !element.closest(".scroll, svg") && element.getBoundingClientRect().right > innerWidth;
    find(`the page is ${root.scrollWidth} px wide`, elements.findLast(isWide) ?? root);
  }
  for (const { name } of performance.getEntriesByType("resource")) {
    if (new URL(name).origin !== location.origin) console.error(`a page asks somebody else than the exporter: ${name}`);
  }
  const reached = elements.filter((element) => element.matches("a[href], button, input, summary, [tabindex]"));
  for (const element of reached) {
    element.focus();
    if (document.activeElement !== element || element.tabIndex !== 0) find("the keyboard does not get to it", element);
    if (getComputedStyle(element).outlineStyle === "none") find("the focus cannot be seen", element);
    const name = element.getAttribute("aria-label") ?? element.getAttribute("aria-labelledby")
      ?? element.labels?.[0]?.textContent ?? element.textContent;
    if (!name.trim()) find("it has no name", element);
    const { width, height } = element.getBoundingClientRect();
    if (element.matches("button, input") && Math.min(width, height) < 24) find("it is too small to be hit", element);
  }
  for (const element of elements) {
    const style = getComputedStyle(element);
    const scrolls = /auto|scroll/.test(style.overflowX + style.overflowY) && element.scrollWidth > element.clientWidth;
    if ((scrolls || style.cursor === "pointer") && !reached.some((one) => one.contains(element))) {
      find("only a pointer gets to it", element);
    }
  }
  // Most services fail seldom, and a column without a text is the first to become narrow.
  for (const failures of document.querySelectorAll(".runs td:nth-child(8)")) failures.textContent = "";
  for (const heading of elements.filter((element) => element.matches("th, dt"))) {
    const { paddingTop, paddingBottom, lineHeight } = getComputedStyle(heading);
    const lines = (heading.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom)) / parseFloat(lineHeight);
    if (lines > 2.5) find("a heading has more than two lines", heading);
    const longest = Math.max(...heading.textContent.split(/\s+/).map((word) => wordWidth(word, heading)));
    if (longest > heading.clientWidth + 1) find("a word of a heading is broken", heading);
  }
  for (const figure of elements.filter((element) => element.matches("dt, dd"))) {
    const card = figure.closest(".card, .panel, .operation");
    if (card && figure.getBoundingClientRect().right > card.getBoundingClientRect().right - 4) {
      find("it touches the edge of its card", figure);
    }
  }
  document.activeElement.blur();
  scrollTo(0, 0);

  const form = document.getElementById("sign-in");
  if (form.hidden !== isSignedIn) find("who is not signed in can sign in, and nobody else", form);
  const message = document.getElementById("message");
  if (!isVisible(message) || getComputedStyle(message).display === "none") find("what it says first is not heard", message);
  const live = document.getElementById("live");
  const pressed = [live, live].map((button) => { button.click(); return button.getAttribute("aria-pressed") + button.textContent; });
  if (pressed.join() !== "falseLive,trueLive") find("it does not say whether it is pressed, by that alone", live);
  const calls = [...document.querySelectorAll("button.call")];
  if (calls.some((button) => button.hidden === (isSignedIn && !isReading))) {
    find("what a token may do is not what can be pressed", calls[0]);
  }
  // What comes of it is in the message of the page, and in the schedule.
  if (innerWidth > 500 && !isReading) press();
  if (isReading) losePage(message);
  // Before the browser ends.
  const report = new XMLHttpRequest();
  report.open("GET", `/assets/check.js?${innerWidth}`, false);
  report.send();
}

// How wide a word is in the font of an element.
function wordWidth(word, element) {
  const { font } = getComputedStyle(element);
  const context = document.createElement("canvas").getContext("2d");
  context.font = font;
  return context.measureText(word).width;
}

// The exporter goes away for one refresh, which says so.
async function losePage(message) {
  while (isRefreshing) await new Promise((done) => setTimeout(done, 10));
  const ask = window.fetch;
  window.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
  await refresh();
  window.fetch = ask;
  if (message.textContent !== "Not up to date: the exporter does not answer.") {
    console.error(`${message.textContent}: it does not say that the exporter does not answer`);
  }
}

// Somebody else changes the schedule when the page is already there, and that is to be kept.
function press() {
  const stop = document.querySelector("main button[data-schedules=false]:not([hidden])");
  if (stop) {
    const start = new XMLHttpRequest();
    start.open("POST", `${document.body.dataset.management}/benchmarks/continuous/start`, false);
    start.setRequestHeader("Authorization", `Bearer ${checkToken}`);
    start.setRequestHeader("Content-Type", "application/json");
    start.send(JSON.stringify({ benchmarks: ["model_response", "health_check"], interval: "45s" }));
  }
  (stop ?? document.querySelector("main button[aria-label^=Run]:not([hidden])"))?.click();
}
