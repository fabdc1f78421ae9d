/* A ticket's page. It listens to its line (one frame for all phones of the line), finds itself
 * in it, and asks for its own state only when it is not there any more.
 *
 * All words are in the page already: here only data- attributes and slots are set. ES5 syntax
 * is not needed, old phones' browsers are (Chrome 60, Safari 11): no optional chaining.
 */
(function () {
  "use strict";
  const main = document.getElementById("main"), data = main.dataset;
  const alert = document.getElementById("alert"), news = document.getElementById("news");
  const english = document.documentElement.lang === "en";
  const base = "/t/" + data.token, me = Number(data.id);
  const LIVE = {waiting: 1, called: 1, serving: 1, parked: 1, pending: 1, no_show: 1, cancelled: 1};
  const QUIET = 30000, ASK = 20000, remindAt = Number(data.remind);
  let version = Number(data.version), away = false, rung = 0, feed = null, asking = 0, seen = Date.now();
  const told = {near: kept("near"), go: kept("go")};
  let said = {ahead: data.ahead, at: 0}, blink = 0, sound = null;

  /* Showing ------------------------------------------------------------------------------ */

  function slot(name, value) {
    const all = main.querySelectorAll('[data-slot="' + name + '"]');
    for (let i = 0; i < all.length; i++) {
      if (all[i].textContent !== String(value)) { all[i].textContent = value; }
    }
  }

  /* `now`: {status, ahead, wait: [least, most] | null, counter, zone, call, open} */
  function show(now) {
    const before = data.status;
    if (now.counter) { slot("counter", now.counter); }
    if (now.zone) { slot("zone", now.zone); }
    data.ahead = now.ahead === null ? "" : now.ahead;
    slot("ahead", data.ahead);
    data.open = now.open;
    wait(now.wait);
    data.status = now.status;
    remind(now);
    if (now.status === "called") { ring(now.call); } else { hush(); }
    if (now.status !== "called" && before !== now.status) { tell(heading()); }
    if (now.status === "waiting" && before === "waiting") { moved(); }
    if (before !== now.status) { scrollTo(0, 0); others(); }
    if (!LIVE[now.status] && feed) { feed.close(); feed = null; }
    title();
    keep("last", JSON.stringify({version: version, at: seen, now: now}));
  }

  /* What the page shows besides the queue belongs to the status and to the step of a visit:
     the way, papers, survey, tracking. `then` when it is there. */
  function others(then) {
    fetch(base + "/parts" + location.search, {cache: "no-store"}).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (html) {
      if (html) { document.getElementById("parts").outerHTML = html; }
      if (then) { then(); }
    }).catch(function () { /* shown with the next change */ });
  }

  /* Sent to another service: its name, agency, place and papers, from the page as it is now. */
  function renew() {
    fetch(base + location.search, {cache: "no-store"}).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (html) {
      const page = new DOMParser().parseFromString(html, "text/html");
      [".service", ".agency", ".facts", ".go", "#bring-box"].forEach(function (name) {
        const from = page.querySelector(name), to = main.querySelector(name);
        if (from && to) { to.innerHTML = from.innerHTML; }
      });
      ticks();
    }).catch(function () { /* with the next reload */ });
  }

  /* A visit goes on in another line, though nothing was done here: told like a reminder. */
  function rerouted() {
    const where = document.getElementById("goto");
    if (!where) { return; }
    tell(where.innerText);
    chime([[660, 0], [880, 0.25]]);
    if (navigator.vibrate) { navigator.vibrate([200, 100, 200]); }
    notify(where.innerText);
  }

  /* As offers.wait_of says it. */
  function wait(minutes) {
    let kind = "unknown", least = 0, most = 0;
    if (minutes) {
      least = minutes[0];
      most = minutes[1];
      kind = least ? "minutes" : "under";
      if (most > 90) { kind = "hours"; least = Math.max(1, Math.floor(least / 60)); most = Math.ceil(most / 60); }
    }
    data.wait = kind;
    slot("least", least);
    slot("most", most);
  }

  function fresh(at) {
    seen = at;
    const mark = document.getElementById("updated");
    const now = new Date(at + mark.dataset.offset * 60000);  // the hall's time, not the phone's
    const two = function (n) { return ("0" + n).slice(-2); };
    mark.textContent = two(now.getUTCHours()) + mark.dataset.mark + two(now.getUTCMinutes());
    main.classList.remove("stale");
  }

  function title() {
    const waits = data.status === "waiting" && data.ahead !== "" ? "(" + data.ahead + ") " : "";
    const plain = waits + data.number;
    if (data.status !== "called") { clearInterval(blink); blink = 0; document.title = plain; return; }
    const counter = main.querySelector(".to").textContent;
    const calls = [counter + "! " + data.number, "» " + counter + " «"];
    document.title = calls[0];
    if (blink || matchMedia("(prefers-reduced-motion: reduce)").matches) { return; }
    let turn = 0;
    blink = setInterval(function () { turn = 1 - turn; document.title = calls[turn]; }, 2000);
  }

  /* Telling ------------------------------------------------------------------------------ */

  function heading() {
    const all = main.querySelectorAll(".state .on, .go.on");
    const words = [];
    for (let i = 0; i < all.length; i++) {
      if (all[i].offsetParent !== null) { words.push(all[i].innerText); }
    }
    return words.join(". ").replace(/\s+/g, " ");
  }

  function tell(words) { if (news.textContent !== words) { news.textContent = words; said = {ahead: data.ahead, at: Date.now()}; } }

  /* A position is told when it has changed, and not more often than every half minute, except
     for the last three places. */
  function moved() {
    if (said.ahead === data.ahead) { return; }
    if (Number(data.ahead) > 2 && Date.now() - said.at < QUIET) { return; }
    tell(heading());
  }

  /* Near by place, or time to go: each told once for each place taken in the line, wherever the
     page was in the meantime. As notify/reminders.py finds them. */
  function remind(now) {
    const place = now.ahead + 1, waits = now.status === "waiting" && now.ahead !== null;
    const go = waits && now.open > 0 && (now.wait ? now.wait[0] <= Number(data.walk) : place <= remindAt);
    data.go = go ? 1 : 0;
    const due = [];
    if (waits && place <= remindAt && first("near")) { due.push("near"); }
    if (go && first("go")) { due.push("go"); }
    if (due.length) {
      tell(heading());
      chime([[660, 0], [880, 0.25]]);
      if (navigator.vibrate) { navigator.vibrate([200, 100, 200]); }
      notify();
    }
  }

  function first(name) {
    if (told[name] === data.joined) { return false; }
    told[name] = data.joined;
    keep(name, data.joined);
    return true;
  }

  /* Where no push comes, an open page that nobody looks at tells by itself. */
  function notify(words) {
    const push = document.getElementById("push");
    if (!document.hidden || (push && push.dataset.push === "on")) { return; }
    if (!navigator.serviceWorker || !window.Notification || Notification.permission !== "granted") { return; }
    navigator.serviceWorker.ready.then(function (found) {
      found.showNotification(data.number, {body: words || heading(), tag: base, renotify: true, data: base});
    });
  }

  /* A call has its own id: a recall rings again, a frame that comes twice does not. */
  function ring(call) {
    if (call <= rung) { return; }
    rung = call;
    keep("rung", call);
    alert.textContent = heading();
    chime([[880, 0], [660, 0.35], [880, 1.1], [660, 1.45]]);
    if (navigator.vibrate) { navigator.vibrate([400, 150, 400, 150, 800]); }
    notify();
  }

  function hush() { if (alert.textContent) { alert.textContent = ""; } }

  function chime(notes) {
    if (!sound) { return; }
    const play = function () {
      if (sound.state !== "running") { mode("blocked"); return; }
      mode("on");
      notes.forEach(function (note) { tone(note[0], note[1]); });
    };
    if (sound.state === "running") { play(); } else { sound.resume().then(play, function () { mode("blocked"); }); }
  }

  function tone(hertz, after) {
    const wave = sound.createOscillator(), loud = sound.createGain(), at = sound.currentTime + after;
    wave.frequency.value = hertz;
    loud.gain.setValueAtTime(0.0001, at);
    loud.gain.exponentialRampToValueAtTime(0.6, at + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.6);
    wave.connect(loud);
    loud.connect(sound.destination);
    wave.start(at);
    wave.stop(at + 0.65);
  }

  function mode(name) { document.getElementById("sound").dataset.sound = name; }

  /* Browsers allow sound only after a tap: this one. */
  function allow() {
    const Context = window.AudioContext || window.webkitAudioContext;
    if (!Context) { mode("blocked"); return; }
    sound = sound || new Context();
    sound.resume().then(function () {
      if (sound.state !== "running") { mode("blocked"); return; }
      mode("on");
      tone(660, 0);
    }, function () { mode("blocked"); });
  }

  /* Listening ---------------------------------------------------------------------------- */

  function find(frame) {
    const line = frame.state;
    if (frame.topic !== "line:" + data.line) { return; }
    if (frame.version < version) { return; }     // our own state was asked for after it
    version = frame.version;
    fresh(Date.now());
    const afar = line.afar.filter(function (one) { return one[0] === me; })[0];
    const ahead = afar ? afar[1] : line.waiting.indexOf(me), called = line.called.filter(function (one) { return one.ticket === me; })[0];
    // In the hall at last: how it is called, and what is still to be done, has changed.
    if (away && !afar) { others(); renew(); }
    away = Boolean(afar);
    const now = {status: "waiting", ahead: null, wait: null, open: line.open.length};
    const way = line.ways.filter(function (one) { return one[0] === me; })[0];
    if (way && String(way[1]) !== data.way) { data.way = way[1]; others(); }
    if (called) {
      now.status = "called";
      now.call = called.call;
      now.counter = english ? called.counter_name_en : called.counter_name;
      now.zone = english ? called.zone_name_en : called.zone_name;
    } else if (ahead >= 0) {
      now.ahead = ahead;
      if (line.least !== null) {
        now.wait = [Math.floor(line.least * (ahead + 1)), Math.max(1, Math.ceil(line.most * (ahead + 1)))];
      }
      if (data.status !== "waiting") { ask(0); return; }   // back from elsewhere: its zone too
    } else if (line.serving.indexOf(me) >= 0) {
      now.status = "serving";
      if (data.status !== "called" && data.status !== "serving") { ask(0); return; }
    } else {
      if (data.status === "waiting" || data.status === "called" || data.status === "serving") { ask(1500); }
      return;
    }
    show(now);
  }

  /* Our own state, once; `spread` (ms) keeps a whole line from asking in one instant. */
  function ask(spread) {
    clearTimeout(asking);
    asking = setTimeout(function () {
      fetch(base + "/state", {cache: "no-store"}).then(function (answer) {
        if (answer.status === 404) { return {status: "expired", version: version, ahead: null, estimate: null, open: [], line: ""}; }
        if (!answer.ok) { throw new Error(answer.status); }
        return answer.json();
      }).then(own).catch(function () { if (spread) { ask(ASK); } });
    }, spread * Math.random());
  }

  function own(state) {
    if (state.version < version) { return; }
    version = state.version;
    fresh(Date.now());
    const other = state.line && state.line !== data.line;
    if (other) { data.line = state.line; }
    const elsewhere = state.service && state.service !== data.service, waited = data.status === "waiting";
    data.service = state.service;
    data.way = state.way;
    data.walk = state.walk;
    data.joined = state.joined;
    show({
      status: state.status, ahead: state.ahead, wait: state.estimate, call: state.call,
      counter: english ? state.counter_name_en : state.counter_name,
      zone: english ? state.zone_name_en : state.zone_name, open: state.open.length
    });
    if (elsewhere) { renew(); }
    if (elsewhere && waited && state.status === "waiting") { others(rerouted); }
    if ((other || !feed) && LIVE[state.status]) { listen(); }
  }

  function listen() {
    if (feed) { feed.close(); }
    feed = window.Antrean.live({
      topics: ["line:" + data.line], as: "json", build: data.build, onState: find,
      onStatus: function (now) { if (now.online) { fresh(Date.now()); } else { main.classList.add("stale"); } }
    });
  }

  /* Without a socket (a proxy, a sleeping network) the state is asked for now and then; and on
     waking at once. */
  setInterval(function () {
    if (!document.hidden && LIVE[data.status] && main.classList.contains("stale") && Date.now() - seen > ASK) { seen = Date.now() - ASK / 2; ask(ASK / 4); }
  }, 1000);
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && LIVE[data.status] && Date.now() - seen > 5000) { ask(0); }
  });

  /* Keeping ------------------------------------------------------------------------------ */

  function keep(name, value) { try { localStorage.setItem(data.token + name, value); } catch (e) { /* private mode */ } }
  function kept(name) { try { return localStorage.getItem(data.token + name) || ""; } catch (e) { return ""; } }

  function ticks() {
    const boxes = document.querySelectorAll("#checks input"), set = kept("ticks").split("\n");
    const paper = function (box) { return box.parentNode.textContent.trim(); };
    for (let i = 0; i < boxes.length; i++) {
      boxes[i].checked = set.indexOf(paper(boxes[i])) >= 0;
      boxes[i].addEventListener("change", function () {
        keep("ticks", Array.prototype.filter.call(boxes, function (box) { return box.checked; }).map(paper).join("\n"));
      });
    }
  }
  ticks();

  document.getElementById("tell").hidden = document.getElementById("sound").hidden = false;
  document.getElementById("sound-on").addEventListener("click", allow);
  rung = Number(kept("rung"));
  if (data.fresh === "0") {
    main.classList.add("stale");
    try {
      const last = JSON.parse(kept("last"));
      if (last.version > version) { version = last.version; show(last.now); }
      fresh(last.at);
    } catch (e) { /* nothing was kept: the page's own time stands */ }
    main.classList.add("stale");
  } else if (data.ahead !== "") {
    /* What is near as the page opens is seen: no reminder on top. */
    if (Number(data.ahead) < remindAt) { first("near"); }
    if (data.go === "1") { first("go"); }
  }
  if (data.status === "called") { ring(Number(data.call)); }
  title();
  if (LIVE[data.status]) { listen(); }
})();
