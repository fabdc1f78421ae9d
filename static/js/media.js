/* The pictures and films beside a board's calls: one after the other, never over a call. ES5.
 *
 *   var media = Antrean.media({place: element, url: list, onShown: f, onBroken: f});
 *   media.duck(bool)    something is spoken: films go quiet, and come back when it is over.
 *   media.pause(bool)   a person stops what moves.
 *   media.allow()       from a click or key: films may sound from now on.
 *
 * onShown(bool)    whether there is anything to show: without, the board takes the room.
 * onBroken(names)  files that could not be shown in the last round.
 *
 * A file that cannot be loaded, or a film that stops moving, is passed over. After each round the
 * list is asked for again, so a folder that changes is followed. Who asks for less motion gets
 * no films, and pictures that change without a fade.
 */
(function (root) {
  "use strict";
  /* Milliseconds: to load a file; a film may stand still; between rounds of nothing; steps of the
     volume; how long it takes down and up. `QUIET`: what is left of the volume. */
  var LOADING = 15000, STILL = 12000, AGAIN = 30000, STEP = 50, DOWN = 300, UP = 1200, QUIET = 0.12;
  /* A fade is over; a list that fails is asked for again with the next round. */
  var FADED = 1000;

  function media(options) {
    var self = {
      options: options, items: [], index: -1, shown: null, item: null, ducked: false, paused: false,
      timer: null, guard: null, ramp: null, broken: [], good: 0, silent: false,
      still: !!root.matchMedia && root.matchMedia("(prefers-reduced-motion: reduce)").matches
    };
    ask(self);
    return {
      duck: function (is) { duck(self, is); },
      pause: function (is) { pause(self, is); },
      allow: function () { allow(self); }
    };
  }

  /* The list ----------------------------------------------------------------------------- */

  function ask(self) {
    var request = new XMLHttpRequest();
    self.index = -1;
    self.broken = [];
    self.good = 0;
    request.open("GET", self.options.url);
    request.onload = function () {
      try { if (request.status === 200) { take(self, JSON.parse(request.responseText).items); } }
      catch (e) { /* not a list: the one we have stays */ }
      next(self);
    };
    request.onerror = function () { next(self); };
    request.send();
  }

  function take(self, items) {
    self.items = items.filter(function (item) { return !(self.still && item.kind === "video"); });
  }

  function next(self) {
    clearTimeout(self.timer);
    self.index += 1;
    if (self.index < self.items.length) { load(self, self.items[self.index]); return; }
    self.options.onBroken(self.broken);
    if (self.good) { ask(self); return; }
    hide(self);
    self.timer = setTimeout(function () { ask(self); }, AGAIN);
  }

  function hide(self) {
    if (self.shown) { remove(self.shown); }
    self.shown = self.item = null;
    self.options.onShown(false);
  }

  /* One file ----------------------------------------------------------------------------- */

  function load(self, item) {
    var element;
    if (self.shown && self.item && self.item.url === item.url && item.kind === "image") {
      self.good += 1;
      stay(self, item);
      return;
    }
    element = item.kind === "video" ? film(self, item) : document.createElement("img");
    element.className = "media-item";
    element.setAttribute("alt", "");
    self.guard = setTimeout(function () { skip(self, item, element); }, LOADING);
    element.onerror = function () { skip(self, item, element); };
    if (item.kind === "image") { element.onload = function () { show(self, item, element); }; }
    element.src = item.url;
    if (item.kind === "video") { self.options.place.appendChild(element); play(self, item, element); }
  }

  function film(self, item) {
    var video = document.createElement("video");
    video.preload = "auto";
    video.setAttribute("playsinline", "");
    video.muted = !item.volume || self.silent;
    video.volume = loud(self, item);
    video.onplaying = function () { show(self, item, video); };
    video.ontimeupdate = function () { watch(self, item, video); };
    video.onended = function () { if (self.shown === video) { next(self); } };
    return video;
  }

  /* Where a film may not sound without a gesture, it is shown without sound. */
  function play(self, item, video) {
    var asked = video.play();
    if (!asked || !asked.then) { return; }
    asked.then(null, function (error) {
      if (!video.parentNode || !error || error.name !== "NotAllowedError") { return; }
      if (video.muted) { skip(self, item, video); return; }
      self.silent = video.muted = true;
      play(self, item, video);
    });
  }

  function show(self, item, element) {
    var before = self.shown;
    if (self.shown === element) { return; }
    if (element.onfailed) { return; }
    clearTimeout(self.guard);
    /* A call may have begun, or ended, while it was loading. */
    if (item.kind === "video") { element.volume = loud(self, item); }
    if (!element.parentNode) { self.options.place.appendChild(element); }
    self.shown = element;
    self.item = item;
    self.good += 1;
    element.onload = null;
    self.options.onShown(true);
    element.getBoundingClientRect(); /* so that the fade has a beginning */
    element.classList.add("is-shown");
    if (before) {
      before.classList.remove("is-shown");
      if (before.pause) { before.pause(); }
      setTimeout(function () { remove(before); }, FADED);
    }
    if (item.kind === "video") { if (self.paused) { element.pause(); } watch(self, item, element); }
    else { stay(self, item); }
  }

  function stay(self, item) {
    clearTimeout(self.timer);
    self.timer = setTimeout(function () {
      if (self.paused) { stay(self, item); } else { next(self); }
    }, item.seconds * 1000);
  }

  /* A film that hangs costs some seconds, never the ones behind it. */
  function watch(self, item, video) {
    if (self.shown !== video) { return; }
    clearTimeout(self.guard);
    self.guard = setTimeout(function () {
      /* Some sets hold a film while another sound plays: that is no fault of the film's. */
      if (self.paused || self.ducked) { watch(self, item, video); return; }
      skip(self, item, video);
    }, STILL);
  }

  function skip(self, item, element) {
    if (element.onfailed) { return; }
    element.onfailed = true;
    clearTimeout(self.guard);
    self.broken.push(item.url.split("?")[0].split("/").pop());
    if (self.shown === element) { self.good -= 1; self.shown = self.item = null; }
    remove(element);
    next(self);
  }

  /* Without a source a film lets its decoder go: sets have but few. */
  function remove(element) {
    element.onerror = element.onload = element.onended = element.onplaying = element.ontimeupdate = null;
    if (element.parentNode) { element.parentNode.removeChild(element); }
    if (element.pause) { element.pause(); element.removeAttribute("src"); element.load(); }
  }

  /* Sound and pause ---------------------------------------------------------------------- */

  function loud(self, item) { return item.volume / 100 * (self.ducked ? QUIET : 1); }

  function duck(self, is) {
    if (self.ducked === is) { return; }
    self.ducked = is;
    slide(self, is ? DOWN : UP);
    /* Some sets stop a film when another sound begins: it goes on when that is over. */
    if (!is && !self.paused && isFilm(self) && self.shown.paused && !self.shown.ended) { play(self, self.item, self.shown); }
  }

  function isFilm(self) { return !!self.shown && self.item.kind === "video"; }

  function slide(self, ms) {
    var video = self.shown, goal, step;
    clearInterval(self.ramp);
    if (!isFilm(self)) { return; }
    goal = loud(self, self.item);
    step = (goal - video.volume) / Math.max(1, ms / STEP);
    self.ramp = setInterval(function () {
      if (self.shown !== video) { clearInterval(self.ramp); return; }
      if (Math.abs(goal - video.volume) <= Math.abs(step)) { video.volume = goal; clearInterval(self.ramp); return; }
      video.volume += step;
    }, STEP);
  }

  function pause(self, is) {
    self.paused = is;
    if (!isFilm(self)) { return; }
    if (is) { self.shown.pause(); } else { play(self, self.item, self.shown); }
  }

  function allow(self) {
    self.silent = false;
    if (isFilm(self)) { self.shown.muted = !self.item.volume; }
  }

  root.Antrean = root.Antrean || {};
  root.Antrean.media = media;
})(window);
